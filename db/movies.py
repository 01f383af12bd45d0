"""Movies: the ids that ratings may refer to, with what a reader of the database wants to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base


class Movie(Base):
    """A movie of the data set."""

    __tablename__ = "movies"

    movie_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    year: Mapped[int | None]


def seed(session: Session, rows: Iterable[Mapping[str, Any]]) -> int:
    """Add the movies (movie_id, title, year) that are not there yet; returns how many. Nothing is changed or removed."""
    known = set(session.scalars(select(Movie.movie_id)))
    fresh = [dict(row) for row in rows if row["movie_id"] not in known]
    if fresh:
        session.execute(insert(Movie), fresh)
    return len(fresh)


def exists(session: Session, movie_id: int) -> bool:
    """Whether there is such a movie."""
    return session.get(Movie, movie_id) is not None
