"""Impressions: what was shown to whom, by which model, where in the list, and what came of it. Later models learn from these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base, Key, Moment, now

Outcome = Literal["rated", "opened", "skipped"]


class ShownList(Base):
    """One list as one person saw it."""

    __tablename__ = "shown_lists"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="cascade"), index=True)
    model: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(64))
    view: Mapped[str] = mapped_column(String(32))
    at: Mapped[Moment]


class Impression(Base):
    """One movie at one position of a list."""

    __tablename__ = "impressions"
    __table_args__ = (
        CheckConstraint("outcome in ('rated', 'opened', 'skipped')", name="outcome"),
        Index("ix_impressions_person_movie", "person_id", "movie_id", "id"),
    )

    id: Mapped[Key]
    list_id: Mapped[int] = mapped_column(ForeignKey("shown_lists.id", ondelete="cascade"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="cascade"))
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.movie_id"))
    position: Mapped[int]
    """From 1."""
    outcome: Mapped[str | None] = mapped_column(String(8))
    stars: Mapped[float | None]
    """With the outcome "rated": 0.5..5."""
    outcome_at: Mapped[Moment | None]


def record(
    session: Session, person_id: int, model: str, version: str, view: str, movie_ids: Sequence[int], first: int = 1
) -> int:
    """Remember a list, or a further part of one that begins at position `first`. Returns the list's id."""
    shown = ShownList(person_id=person_id, model=model, version=version, view=view, at=now())
    session.add(shown)
    session.flush()
    if movie_ids:
        session.execute(
            insert(Impression),
            [
                {"list_id": shown.id, "person_id": person_id, "movie_id": movie_id, "position": position}
                for position, movie_id in enumerate(movie_ids, first)
            ],
        )
    return shown.id


def outcome(session: Session, person_id: int, movie_id: int, what: Outcome, stars: float | None = None) -> bool:
    """Note what came of the latest time that the person was shown the movie. False when they never were."""
    latest = session.scalar(
        select(Impression)
        .where(Impression.person_id == person_id, Impression.movie_id == movie_id)
        .order_by(Impression.id.desc())
        .limit(1)
    )
    if latest is None:
        return False
    latest.outcome, latest.stars, latest.outcome_at = what, stars, now()
    return True


def of(session: Session, person_id: int) -> list[Impression]:
    """Everything a person was shown, in order."""
    return list(session.scalars(select(Impression).where(Impression.person_id == person_id).order_by(Impression.id)))
