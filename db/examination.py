"""Where on a list people looked: what was shown at which place and clicked there. Propensities are estimated from nothing else.

A click is that somebody opened a movie or gave it stars soon after it was shown to them.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from db.impressions import Impression, ShownList

SOON_SECONDS = 1800.0
"""What came of a list later than this did not come of it: the movie may have been found elsewhere."""


class AtPlace(NamedTuple):
    """A place of all lists together."""

    position: int
    """From 1."""
    shown: int
    clicks: int


class PairAtPlace(NamedTuple):
    """One movie before one person at one place."""

    person_id: int
    movie_id: int
    position: int
    """From 1."""
    shown: int
    clicks: int


def at_places(session: Session, places: int) -> list[AtPlace]:
    """How often each of the first `places` places was shown and clicked, in order; only those that were shown."""
    rows = session.execute(
        select(Impression.position, func.count(), func.sum(case((_clicked(), 1), else_=0)))
        .join(ShownList, ShownList.id == Impression.list_id)
        .where(Impression.position <= places)
        .group_by(Impression.position)
        .order_by(Impression.position)
    )
    return [AtPlace(position, shown, int(clicks)) for position, shown, clicks in rows]


def pairs_at_places(session: Session, places: int) -> list[PairAtPlace]:
    """The same for each movie that the same person clicked in one of those places, and was shown at two of them or more."""
    clicked = func.sum(case((_clicked(), 1), else_=0))
    telling = (
        select(Impression.person_id, Impression.movie_id)
        .join(ShownList, ShownList.id == Impression.list_id)
        .where(Impression.position <= places)
        .group_by(Impression.person_id, Impression.movie_id)
        .having(clicked > 0, func.count(Impression.position.distinct()) > 1)
        .subquery()
    )
    rows = session.execute(
        select(Impression.person_id, Impression.movie_id, Impression.position, func.count(), clicked)
        .join(ShownList, ShownList.id == Impression.list_id)
        .join(
            telling,
            and_(telling.c.person_id == Impression.person_id, telling.c.movie_id == Impression.movie_id),
        )
        .where(Impression.position <= places)
        .group_by(Impression.person_id, Impression.movie_id, Impression.position)
        .order_by(Impression.person_id, Impression.movie_id, Impression.position)
    )
    return [PairAtPlace(person, movie, position, shown, int(clicks)) for person, movie, position, shown, clicks in rows]


def version(session: Session) -> int:
    """Another number once something more was shown. An answer alone does not change it: finding the latest would read every row, and a list follows soon."""
    return session.scalar(select(func.max(Impression.id))) or 0


def _clicked() -> ColumnElement[bool]:
    return and_(Impression.outcome.in_(("opened", "rated")), Impression.outcome_at <= ShownList.at + SOON_SECONDS)
