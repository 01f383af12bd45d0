"""When the models are to be refreshed: after so many new ratings of the visitors."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import changes, jobs
from db.meta import Meta
from db.ratings import Event

NAME = "refreshed"
"""In `meta`: the number of the last change that was there when models were last asked to be refreshed."""


def due(session: Session, every: int) -> bool:
    """Whether `every` ratings or more were given since models were last asked to be refreshed; never with 0."""
    row = session.get(Meta, NAME)
    since = 0 if row is None else int(row.value)
    given = select(func.count()).where(Event.id > since, Event.stars.is_not(None), Event.kind != "undo")
    return every > 0 and (session.scalar(given) or 0) >= every


def ask(session: Session) -> None:
    """Ask for a refresh of all models, and count anew from here."""
    session.merge(Meta(name=NAME, value=str(changes.last(session))))
    jobs.enqueue(session, "refresh")
