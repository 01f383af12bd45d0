"""Ratings: what each person thinks now, and every change that led there."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, delete, func, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from db import movies, people
from db.base import Base, Key, Moment, in_turn, now
from db.errors import DatabaseError
from db.skips import Skip

ORDER_LOCK = 0x4D415252
"""Any number, the same in all processes: in PostgreSQL whoever holds it numbers their changes and commits before the next."""


class Rating(Base):
    """The current stars of one person for one movie."""

    __tablename__ = "ratings"
    __table_args__ = (CheckConstraint("stars between 0.5 and 5", name="stars"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="cascade"), primary_key=True)
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.movie_id"), primary_key=True, index=True)
    stars: Mapped[float]
    """0.5..5 in halves."""
    at: Mapped[Moment]
    """When these stars were given."""
    event_id: Mapped[int]
    """The event that gave them: it orders ratings of one moment."""


class Event(Base):
    """One change. Never altered but for the mark that it was undone."""

    __tablename__ = "rating_events"
    __table_args__ = (
        Index("ix_rating_events_person", "person_id", "id"),
        CheckConstraint("kind in ('put', 'remove', 'import', 'undo')", name="kind"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="cascade"))
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.movie_id"))
    kind: Mapped[str] = mapped_column(String(8))
    batch: Mapped[str] = mapped_column(String(32))
    """Changes that were made, and are undone, together."""
    stars: Mapped[float | None]
    """After the change; None when there are none."""
    at: Mapped[Moment | None]
    """The time that the rating carries after the change."""
    stars_before: Mapped[float | None]
    at_before: Mapped[Moment | None]
    happened: Mapped[Moment]
    undone: Mapped[bool] = mapped_column(default=False)


class Change(NamedTuple):
    """What became of one movie's stars."""

    movie_id: int
    before: float | None
    after: float | None


class Entry(NamedTuple):
    """One rating to be stored: stars 0.5..5 in halves, time in Unix seconds."""

    movie_id: int
    stars: float
    at: float


class Step(NamedTuple):
    """What a movie's stars and their time become; None takes them away."""

    movie_id: int
    stars: float | None
    at: float | None


def put(session: Session, person_id: int, movie_id: int, stars: float, at: float | None = None) -> Change:
    """Give or change stars. Raises DatabaseError for a movie that does not exist or stars that are none."""
    return _store(session, person_id, [Entry(movie_id, stars, now() if at is None else at)], "put")[0]


def put_many(session: Session, person_id: int, entries: Sequence[Entry]) -> list[Change]:
    """Store an import: all of it or, when one entry is wrong, nothing. It is undone as one."""
    return _store(session, person_id, entries, "import")


def remove(session: Session, person_id: int, movie_id: int) -> Change | None:
    """Take stars away; None when there were none."""
    people.lock(session, person_id)
    if session.get(Rating, (person_id, movie_id)) is None:
        return None
    return _change(session, person_id, [Step(movie_id, None, None)], "remove")[0]


def remove_all(session: Session, person_id: int) -> list[Change]:
    """Take all stars away; undone as one."""
    people.lock(session, person_id)
    return _change(
        session, person_id, [Step(rating.movie_id, None, None) for rating in of(session, person_id)], "remove"
    )


def undo(session: Session, person_id: int) -> list[Change]:
    """Take the last change back, or the whole import that it belonged to; called again, the one before. Empty when none is left."""
    people.lock(session, person_id)
    undone = _last_batch(session, person_id)
    for event in undone:
        event.undone = True
    return _change(
        session, person_id, [Step(event.movie_id, event.stars_before, event.at_before) for event in undone], "undo"
    )


def undoable(session: Session, person_id: int) -> list[Event]:
    """What `undo` would take back, latest first: the events of one batch. Empty when there is nothing left to take back."""
    return _last_batch(session, person_id)


def of(session: Session, person_id: int) -> list[Rating]:
    """A person's ratings, oldest first; those of one moment in the order in which they came."""
    return list(
        session.scalars(select(Rating).where(Rating.person_id == person_id).order_by(Rating.at, Rating.event_id))
    )


def count_of(session: Session, person_id: int) -> int:
    """How many movies a person has rated."""
    return session.scalar(select(func.count()).select_from(Rating).where(Rating.person_id == person_id)) or 0


def events(session: Session, person_id: int) -> list[Event]:
    """Every change a person made, oldest first."""
    return list(session.scalars(select(Event).where(Event.person_id == person_id).order_by(Event.id)))


def version_of(session: Session, person_id: int) -> str:
    """A text that is another one after every change."""
    return str(session.scalar(select(func.max(Event.id)).where(Event.person_id == person_id)) or 0)


def everyone(session: Session, until: int | None = None) -> Iterator[tuple[int, int, float, float]]:
    """(person_id, movie_id, stars, at) of all ratings, person by person, oldest first, in a stream; of those that event `until` or an earlier one gave."""
    rows = session.execute(
        select(Rating.person_id, Rating.movie_id, Rating.stars, Rating.at)
        .where(true() if until is None else Rating.event_id <= until)
        .order_by(Rating.person_id, Rating.at, Rating.event_id)
        .execution_options(yield_per=10_000)
    )
    return ((person_id, movie_id, stars, at) for person_id, movie_id, stars, at in rows)


def _last_batch(session: Session, person_id: int) -> list[Event]:
    standing = (Event.person_id == person_id, Event.undone.is_(False), Event.kind != "undo")
    batch = session.scalar(select(Event.batch).where(*standing).order_by(Event.id.desc()).limit(1))
    if batch is None:
        return []
    return list(session.scalars(select(Event).where(*standing, Event.batch == batch).order_by(Event.id.desc())))


def _store(session: Session, person_id: int, entries: Sequence[Entry], kind: str) -> list[Change]:
    for entry in entries:
        if not (0.5 <= entry.stars <= 5 and entry.stars * 2 == int(entry.stars * 2)):
            raise DatabaseError(f"{entry.stars:g} stars cannot be stored; stars go from 0.5 to 5 in halves.")
    people.lock(session, person_id)
    movies.require(session, {entry.movie_id for entry in entries})
    changes = _change(session, person_id, [Step(*entry) for entry in entries], kind)
    seen = select(Rating.movie_id).where(Rating.person_id == person_id)
    session.execute(delete(Skip).where(Skip.person_id == person_id, Skip.movie_id.in_(seen)))
    return changes


def _change(session: Session, person_id: int, steps: Sequence[Step], kind: str) -> list[Change]:
    """Write one event for every step, in their order and as one batch, then the state that follows from them."""
    in_turn(session, ORDER_LOCK)
    current = _current(session, person_id, {step.movie_id for step in steps})
    state: dict[int, tuple[float | None, float | None]] = {
        movie_id: (rating.stars, rating.at) for movie_id, rating in current.items()
    }
    batch, moment = secrets.token_hex(8), now()
    events: list[Event] = []
    for movie_id, stars, at in steps:
        stars_before, at_before = state.get(movie_id, (None, None))
        state[movie_id] = stars, at
        events.append(
            Event(
                person_id=person_id,
                movie_id=movie_id,
                kind=kind,
                batch=batch,
                stars=stars,
                at=at,
                stars_before=stars_before,
                at_before=at_before,
                happened=moment,
                undone=False,
            )
        )
    session.add_all(events)
    session.flush()  # numbers the events, in this order
    for event in {event.movie_id: event for event in events}.values():
        rating = current.get(event.movie_id)
        if event.stars is None or event.at is None:
            if rating is not None:
                session.delete(rating)
        elif rating is None:
            session.add(
                Rating(person_id=person_id, movie_id=event.movie_id, stars=event.stars, at=event.at, event_id=event.id)
            )
        else:
            rating.stars, rating.at, rating.event_id = event.stars, event.at, event.id
    session.flush()
    return [Change(event.movie_id, event.stars_before, event.stars) for event in events]


def _current(session: Session, person_id: int, movie_ids: set[int]) -> dict[int, Rating]:
    """The person's ratings of these movies by movie_id."""
    if len(movie_ids) > 1:
        return {rating.movie_id: rating for rating in of(session, person_id) if rating.movie_id in movie_ids}
    found = (session.get(Rating, (person_id, movie_id)) for movie_id in movie_ids)
    return {rating.movie_id: rating for rating in found if rating is not None}
