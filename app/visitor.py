"""The visitor of this page: their history for the models, and the verbs by which it changes."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from app import bridge, learning, session
from app.identity import COOKIE, is_token
from app.resources import house
from db import impressions, people, ratings, skips
from db import tags as tagging
from recommender.serving.answers import Person


def token() -> str:
    """The token in the visitor's cookie; for a browser without cookies one that lives as long as the page."""
    cookie = st.context.cookies.get(COOKIE)
    return cookie if cookie is not None and is_token(cookie) else session.stranger_token()


def person_id() -> int | None:
    """The visitor's row in the database; None until they first do something worth keeping. Looked up once per page."""
    mine = token()
    if (known := session.person_of(mine)) is not None:
        return known
    with house().database.reading() as rows:
        person = people.by_token(rows, mine)
    return None if person is None else _remembered(mine, person.id)


def enter() -> int:
    """The visitor's row, made now if there is none: to be called with their first rating, not with their first look."""
    known = person_id()
    if known is not None:
        return known
    mine = token()
    with house().database.session() as rows:
        person, _ = people.create(rows, mine)
    return _remembered(mine, person.id)


def _remembered(mine: str, known: int) -> int:
    session.set_person(mine, known)
    return known


def history() -> Person:
    """Everything the visitor has rated, oldest first, as the engine wants it; empty for somebody new."""
    return bridge.person(house(), person_id())


def stars() -> dict[int, float]:
    """Stars 0.5..5 by movie_id of everything the visitor has rated."""
    known = person_id()
    if known is None:
        return {}
    with house().database.reading() as rows:
        return {rating.movie_id: rating.stars for rating in ratings.of(rows, known)}


def rated() -> int:
    """How many movies the visitor has rated."""
    known = person_id()
    if known is None:
        return 0
    with house().database.reading() as rows:
        return ratings.count_of(rows, known)


def rate(movie_id: int, value: float | None) -> None:
    """Give a movie stars 0.5..5, or take them away with None, and note that they answer what was shown.

    Returns once it is safely stored, and learned by the models that learn at once.
    """
    me = enter()
    with house().database.session() as rows:
        if value is None:
            ratings.remove(rows, me, movie_id)
        else:
            ratings.put(rows, me, movie_id, value)
            impressions.outcome(rows, me, movie_id, "rated", value)
    learning.listen()


def skip(movie_id: int) -> None:
    """Remember that the visitor has not seen a movie, so that the first set asks for another."""
    me = enter()
    with house().database.session() as rows:
        skips.put(rows, me, movie_id)
        impressions.outcome(rows, me, movie_id, "skipped")


def skipped() -> set[int]:
    """The movie_ids that the visitor has not seen."""
    known = person_id()
    if known is None:
        return set()
    with house().database.reading() as rows:
        return skips.of(rows, known)


def undo() -> None:
    """Take the last change back, or the whole import that it belonged to, if there is anything to take back."""
    known = person_id()
    if known is not None:
        with house().database.session() as rows:
            ratings.undo(rows, known)
        learning.listen()
        session.set_last_rated(None)


class Tags(NamedTuple):
    """Of one movie."""

    counts: dict[str, int]
    """How many visitors gave each, those of most people first."""
    mine: set[str]


def tags(movie_id: int) -> Tags:
    """The tags that visitors gave a movie."""
    known = person_id()
    with house().database.reading() as rows:
        mine = set[str]() if known is None else tagging.of(rows, known, movie_id)
        return Tags(tagging.counts(rows, movie_id), mine)


def tag(movie_id: int, text: str, given: bool) -> None:
    """Give a movie a tag, or take it back. Raises DatabaseError, in one sentence, for what is none."""
    me = enter()
    with house().database.session() as rows:
        if given:
            tagging.put(rows, me, movie_id, text)
        else:
            tagging.remove(rows, me, movie_id, text)
