"""Which data set a database belongs to: movie ids of another one would give every rating a wrong movie."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.errors import DatabaseError


class Meta(Base):
    """One row per fact about the database itself."""

    __tablename__ = "meta"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def claim(session: Session, dataset_name: str) -> None:
    """Tie an unused database to a data set. Raises DatabaseError when it belongs to another one."""
    row = session.get(Meta, "dataset")
    if row is None:
        session.add(Meta(name="dataset", value=dataset_name))
    elif row.value != dataset_name:
        raise DatabaseError(
            f"This database holds ratings of the data set {row.value}, not of {dataset_name}; "
            "give this data set a database or MARQUEE_HOME of its own."
        )
