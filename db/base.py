"""What all tables share: naming of constraints, and the type of a moment."""

from __future__ import annotations

import time
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, Double, Integer, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Moment = Annotated[float, "Unix time in seconds"]
Key = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)]
"""SQLite numbers rows by itself only in a column of type INTEGER."""


class Base(DeclarativeBase):
    """The parent of all tables."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        Moment: Double(),
        dict[str, Any]: JSON(),
        int: BigInteger(),
    }


def in_turn(session: Session, lock: int) -> None:
    """Until this transaction ends, keep other writers waiting that ask for the same number; in SQLite they wait already.

    Rows that are numbered meanwhile become visible in the order of their numbers, so whoever has read up to one has missed none.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": lock})


def now() -> float:
    """This moment, Unix time in seconds."""
    return time.time()
