"""Exploration"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("shown_lists", schema=None) as batch_op:
        batch_op.add_column(sa.Column("policy", sa.String(length=16), nullable=True))
    with op.batch_alter_table("impressions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("propensity", sa.Double(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_impressions_propensity"), "propensity > 0 and propensity <= 1")
