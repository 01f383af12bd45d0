"""What was shown and what came of it: later models learn from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import failures, movies, navigation, session, visitor
from app.resources import house
from app.session import Shown
from db import impressions
from db.impressions import Exploring
from recommender.serving.answers import Answer

if TYPE_CHECKING:
    from app.components.poster_grid import Event
    from app.exploration import Explored


def record(answer: Answer, now: Shown, view: str, in_view: int, explored: Explored | None = None) -> None:
    """Store the part of a list that has come into view with this run, and with what chance curiosity put a movie there.

    Nothing for somebody who has never rated.

    Called when the list stands on the page, so that nobody waits for the disk; a list that a quick click overtook was not seen.
    """
    me, seen = visitor.person_id(), session.seen(now)
    if me is None or in_view <= seen:
        return
    part = now.items[seen:in_view]
    fresh = [movies.by_item(item).movie_id for item in part]
    exploring = None if explored is None else Exploring(explored.policy, [explored.chances.get(item) for item in part])
    with house().database.session() as rows:
        impressions.record(rows, me, answer.slug, answer.version, view, fresh, first=seen + 1, exploring=exploring)
    session.set_seen(now, in_view)


def rated(movie_id: int, stars: float | None) -> None:
    """Store stars (None takes them away), and offer to undo it."""
    visitor.rate(movie_id, stars)
    session.set_last_rated((movie_id, stars))


def opened(movie_id: int) -> None:
    """Note that the visitor opens a movie that they were shown, if they are somebody yet."""
    me = visitor.person_id()
    if me is not None:
        with house().database.session() as rows:
            impressions.outcome(rows, me, movie_id, "opened")


def answer(event: Event) -> None:
    """Store what the visitor did to a poster, between two runs of the page. What cannot be stored is told by the next one."""
    try:
        if event.kind == "open":
            opened(event.movie_id)
        elif event.kind == "skip":
            visitor.skip(event.movie_id)
        else:
            rated(event.movie_id, event.stars)
    except failures.EXPECTED as error:
        session.set_trouble(failures.sentence(error))


def react(event: Event | None) -> None:
    """Open the page of the movie whose poster was clicked; everything else was done when it was answered."""
    if event is not None and event.kind == "open":
        navigation.open_movie(event.movie_id)
