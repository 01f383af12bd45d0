"""Skips: the movies that a person says they have not seen, until they rate them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db import movies, people
from db.base import Base, Moment, now


class Skip(Base):
    """A movie that a person says they have not seen."""

    __tablename__ = "skips"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="cascade"), primary_key=True)
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.movie_id"), primary_key=True)
    at: Mapped[Moment]


def put(session: Session, person_id: int, movie_id: int) -> None:
    """Remember that the person has not seen a movie. Saying so twice changes nothing."""
    people.lock(session, person_id)
    if session.get(Skip, (person_id, movie_id)) is None:
        movies.require(session, {movie_id})
        session.add(Skip(person_id=person_id, movie_id=movie_id, at=now()))


def of(session: Session, person_id: int) -> set[int]:
    """The movies that a person has not seen."""
    return set(session.scalars(select(Skip.movie_id).where(Skip.person_id == person_id)))
