"""Impressions: what was shown to whom, by which model, where in the list, and what came of it. Later models learn from these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, insert, select
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
    policy: Mapped[str | None] = mapped_column(String(16))
    """What decided about the places that were left to curiosity; None where the model alone made the list."""


class Impression(Base):
    """One movie at one position of a list."""

    __tablename__ = "impressions"
    __table_args__ = (
        CheckConstraint("outcome in ('rated', 'opened', 'skipped')", name="outcome"),
        CheckConstraint("propensity > 0 and propensity <= 1", name="propensity"),
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
    propensity: Mapped[float | None]
    """Chance with which the movie was put there, given those above it; None where the place was not left to a policy."""


class Exploring(NamedTuple):
    """How some places of a list came about."""

    policy: str
    propensities: Sequence[float | None]
    """Of each movie, None where the model alone decided."""


class Trial(NamedTuple):
    """A movie that a policy put into a list, and what came of it."""

    person_id: int
    list_id: int
    at: float
    model: str
    policy: str
    movie_id: int
    propensity: float
    stars: float | None
    """That it was given after being shown there."""
    above: tuple[int, ...]
    """Movies that stood above it, in the part of the list that came into view with it."""


def record(
    session: Session,
    person_id: int,
    model: str,
    version: str,
    view: str,
    movie_ids: Sequence[int],
    first: int = 1,
    exploring: Exploring | None = None,
) -> int:
    """Remember a list, or a further part of one that begins at position `first`. Returns the list's id."""
    policy = None if exploring is None else exploring.policy
    chances = [None] * len(movie_ids) if exploring is None else exploring.propensities
    shown = ShownList(person_id=person_id, model=model, version=version, view=view, at=now(), policy=policy)
    session.add(shown)
    session.flush()
    if movie_ids:
        session.execute(
            insert(Impression),
            [
                {
                    "list_id": shown.id,
                    "person_id": person_id,
                    "movie_id": movie_id,
                    "position": position,
                    "propensity": chance,
                }
                for position, (movie_id, chance) in enumerate(zip(movie_ids, chances, strict=True), first)
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


def trials(session: Session, lists: int) -> list[Trial]:
    """What policies put into the latest `lists` lists that were left to them from the top, oldest first."""
    parts = (
        select(ShownList)
        .join(Impression, Impression.list_id == ShownList.id)
        .where(ShownList.policy.is_not(None), Impression.position == 1)
        .order_by(ShownList.id.desc())
        .limit(lists)
    )
    found = []
    for shown in reversed(list(session.scalars(parts))):
        rows = session.scalars(select(Impression).where(Impression.list_id == shown.id).order_by(Impression.position))
        above: list[int] = []
        for row in rows:
            if row.propensity is not None and shown.policy is not None:
                found.append(
                    Trial(
                        row.person_id,
                        shown.id,
                        shown.at,
                        shown.model,
                        shown.policy,
                        row.movie_id,
                        row.propensity,
                        row.stars if row.outcome == "rated" else None,
                        tuple(above),
                    )
                )
            above.append(row.movie_id)
    return found


def trial_version(session: Session) -> str:
    """A text that is another one once a policy has shown something more, or something shown was rated."""
    explored = select(func.max(ShownList.id)).where(ShownList.policy.is_not(None))
    answered = select(func.max(Impression.outcome_at)).where(Impression.propensity.is_not(None))
    return f"{session.scalar(explored) or 0} {session.scalar(answered) or 0}"


def of(session: Session, person_id: int) -> list[Impression]:
    """Everything a person was shown, in order."""
    return list(session.scalars(select(Impression).where(Impression.person_id == person_id).order_by(Impression.id)))
