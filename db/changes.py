"""Changes of ratings as those hear them who learn from every one: all of everybody's, in the order in which they came."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.ratings import Event

MOST_TAUGHT = 200
"""Of an import: thousands of ratings at once would keep everybody waiting, and would be one voice far above all others."""


class Change(NamedTuple):
    """What became of one person's stars for one movie."""

    number: int
    person_id: int
    movie_id: int
    stars: float | None
    """After the change; None when there are none."""
    at: float | None
    """The time that the rating carries after the change."""
    teaches: bool
    """Whether anything is to be learned from it: what is taken away, or brought back by undoing, teaches nothing."""


def last(session: Session) -> int:
    """The number of the last change of anybody; 0 before the first."""
    return session.scalar(select(func.max(Event.id))) or 0


def after(session: Session, number: int) -> list[Change]:
    """Every change after `number`, of anybody; of many that were made together only the last `MOST_TAUGHT` teach."""
    from_end = func.row_number().over(partition_by=Event.batch, order_by=Event.id.desc())
    teaches = (Event.kind != "undo") & Event.stars.is_not(None) & (from_end <= MOST_TAUGHT)
    columns = Event.id, Event.person_id, Event.movie_id, Event.stars, Event.at, teaches
    return [Change(*row) for row in session.execute(select(*columns).where(Event.id > number).order_by(Event.id))]


def before(session: Session, person_id: int, number: int) -> list[Change]:
    """Every change of one person before `number`."""
    columns = Event.id, Event.person_id, Event.movie_id, Event.stars, Event.at
    earlier = select(*columns).where(Event.person_id == person_id, Event.id < number).order_by(Event.id)
    return [Change(*row, teaches=False) for row in session.execute(earlier)]
