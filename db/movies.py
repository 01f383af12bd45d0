"""Movies: the ids that ratings may refer to, with what a reader of the database wants to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.errors import DatabaseError

AT_ONCE = 500
"""Ids in one question: databases take only so many."""


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


def require(session: Session, movie_ids: Set[int]) -> None:
    """Raises DatabaseError when one of these movies does not exist."""
    wanted, known = sorted(movie_ids), set[int]()
    for start in range(0, len(wanted), AT_ONCE):
        known.update(session.scalars(select(Movie.movie_id).where(Movie.movie_id.in_(wanted[start : start + AT_ONCE]))))
    if missing := [movie_id for movie_id in wanted if movie_id not in known]:
        others = f", nor {len(missing) - 1:,} others" if missing[1:] else ""
        raise DatabaseError(f"There is no movie {missing[0]} here{others}.")
