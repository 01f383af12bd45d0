"""What was shown and what came of it: later models learn from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import failures, movies, navigation, session, visitor
from app.resources import house
from app.session import Shown
from db import impressions
from recommender.serving.answers import Answer, Person

if TYPE_CHECKING:
    from app.components.poster_grid import Event


def record(answer: Answer, person: Person, view: str, in_view: int) -> Shown | None:
    """Store the part of a list that has come into view with this run, and hand the list to the page's memory.

    Returns the list that it is to be compared with, see `session.show`.
    """
    now = Shown(answer.slug, person.version, tuple(int(item) for item in answer.items), in_view)
    before = session.shown()
    same = before is not None and (before.slug, before.person) == (now.slug, now.person)
    seen = before.in_view if before is not None and same else 0
    me = visitor.person_id()
    if me is not None and in_view > seen:
        fresh = [movies.by_item(item).movie_id for item in now.items[seen:in_view]]
        with house().database.session() as rows:
            impressions.record(rows, me, answer.slug, answer.version, view, fresh, first=seen + 1)
    return session.show(now)


def rated(movie_id: int, stars: float | None) -> None:
    """Store stars (None takes them away) and that they answer what was shown."""
    visitor.rate(movie_id, stars)
    session.set_last_rated((movie_id, stars))
    if stars is not None:
        note(movie_id, "rated", stars)


def skipped(movie_id: int) -> None:
    """The visitor has not seen this one."""
    visitor.skip(movie_id)
    note(movie_id, "skipped")


def note(movie_id: int, what: impressions.Outcome, stars: float | None = None) -> None:
    """Store what came of showing a movie to the visitor, if they are somebody yet."""
    me = visitor.person_id()
    if me is not None:
        with house().database.session() as rows:
            impressions.outcome(rows, me, movie_id, what, stars)


def answer(event: Event) -> None:
    """Store what the visitor did to a poster, between two runs of the page. What cannot be stored is told by the next one."""
    try:
        if event.kind == "open":
            note(event.movie_id, "opened")
        elif event.kind == "skip":
            skipped(event.movie_id)
        else:
            rated(event.movie_id, event.stars)
    except failures.EXPECTED as error:
        session.set_trouble(failures.sentence(error))


def react(event: Event | None) -> None:
    """Open the page of the movie whose poster was clicked; everything else was done when it was answered."""
    if event is not None and event.kind == "open":
        navigation.open_movie(event.movie_id)
