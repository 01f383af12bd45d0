"""Tags: words that people give movies."""

from __future__ import annotations

from unicodedata import normalize

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db import movies, people
from db.base import Base, Moment, now
from db.errors import DatabaseError

LONGEST = 40
"""Signs of a tag."""
MOST = 20
"""Tags of one person for one movie."""


class Tag(Base):
    """A word that a person gave a movie."""

    __tablename__ = "tags"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="cascade"), primary_key=True)
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.movie_id"), primary_key=True, index=True)
    tag: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    at: Mapped[Moment]


def normal(text: str) -> str:
    """A tag as it is kept: lower case, single spaces, only signs that show. Raises DatabaseError when nothing is left or it is too long."""
    shown = "".join(sign if sign.isprintable() else " " for sign in normalize("NFC", text))
    tag = " ".join(shown.split()).lower()
    if not tag:
        raise DatabaseError("A tag needs a letter at least.")
    if len(tag) > LONGEST:
        raise DatabaseError(f"A tag has up to {LONGEST} letters; this one has {len(tag):,}.")
    return tag


def put(session: Session, person_id: int, movie_id: int, text: str) -> str:
    """Give a movie a tag; returns it as it is kept. Giving it twice changes nothing."""
    tag = normal(text)
    people.lock(session, person_id)
    if session.get(Tag, (person_id, movie_id, tag)) is None:
        movies.require(session, {movie_id})
        if len(of(session, person_id, movie_id)) >= MOST:
            raise DatabaseError(
                f"You have given this movie {MOST} tags, which is all it can have of one person; take one back first."
            )
        session.add(Tag(person_id=person_id, movie_id=movie_id, tag=tag, at=now()))
    return tag


def remove(session: Session, person_id: int, movie_id: int, tag: str) -> None:
    """Take a tag back. Nothing happens when it was not given."""
    if (row := session.get(Tag, (person_id, movie_id, tag))) is not None:
        session.delete(row)


def of(session: Session, person_id: int, movie_id: int) -> set[str]:
    """The tags that a person gave a movie."""
    return set(session.scalars(select(Tag.tag).where(Tag.person_id == person_id, Tag.movie_id == movie_id)))


def counts(session: Session, movie_id: int) -> dict[str, int]:
    """How many people gave each tag of a movie, those of most people first, equals by the alphabet."""
    people_of = func.count().label("people")
    found = select(Tag.tag, people_of).where(Tag.movie_id == movie_id).group_by(Tag.tag)
    return dict(session.execute(found.order_by(people_of.desc(), Tag.tag)).tuples().all())
