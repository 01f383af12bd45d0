"""What one visitor's page remembers between two clicks: every key of st.session_state has its typed function here."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from db.releases import Draft

if TYPE_CHECKING:
    from app.components.poster_grid import Event

MODEL = "chosen_model"
TOKEN = "visitor_token"
PERSON = "visitor_person"
SHOWN = "shown_list"
BASELINE = "baseline_list"
SEEN = "seen_list"
LENGTH = "list_length"
LAST_RATED = "last_rated"
BEFORE_ANSWER = "lists_around_answer"
FIRST_SET = "first_set_items"
COLUMNS = "compared_models"
ANSWERED = "answered_acts"
TROUBLE = "trouble"
DRAFT = "release_draft"
PAGE = 24
PREFERRED = ("ease", "ials", "itemknn")
"""Opened with when the address names no model: the first of these that is ready."""


@dataclass(frozen=True)
class Shown:
    """A list that stood on the page."""

    slug: str
    person: str
    """Version of the history that it was made from."""
    items: tuple[int, ...]


def choose_model(slug: str) -> None:
    """Make `slug` the chosen model, in memory and in the address."""
    st.session_state[MODEL] = slug
    if st.query_params.get("model") != slug:
        st.query_params["model"] = slug


def model() -> str:
    """Slug of the chosen model."""
    return str(st.session_state[MODEL])


def settle_model(served: Sequence[str], preferred: Sequence[str]) -> str | None:
    """Agree on a model between address, memory and what is served (never empty).

    `preferred` are tried in order when neither names one. Returns the name in the address when nobody serves it.
    """
    asked = st.query_params.get("model")
    wanted = (asked, st.session_state.get(MODEL), *preferred)
    choose_model(next((slug for slug in wanted if slug is not None and slug in served), served[0]))
    return None if asked in (*served, None) else asked


def person_of(token: str) -> int | None:
    """The row that this page found for a token; None when it has not found one yet."""
    found: tuple[str, int] | None = st.session_state.get(PERSON)
    return found[1] if found is not None and found[0] == token else None


def set_person(token: str, person_id: int) -> None:
    """Remember whose token this is: it never becomes somebody else's."""
    st.session_state[PERSON] = token, person_id


def stranger_token() -> str:
    """A token for a page without a cookie (cookies refused): the person lives as long as the page."""
    return str(st.session_state.setdefault(TOKEN, secrets.token_hex(16)))


def shown() -> Shown | None:
    """The list that the last run showed."""
    return st.session_state.get(SHOWN)


def show(now: Shown) -> Shown | None:
    """Remember the list on the page; returns the one to compare with: the last of another model or another history."""
    before = shown()
    if before is not None and (before.slug, before.person) != (now.slug, now.person):
        st.session_state[BASELINE] = before
    st.session_state[SHOWN] = now
    return st.session_state.get(BASELINE)


def before_answer(now: Shown) -> Shown | None:
    """Remember the list beside the question; returns the same model's for the history before the last answer."""
    earlier: tuple[Shown | None, Shown] | None = st.session_state.get(BEFORE_ANSWER)
    if earlier is None or earlier[1].slug != now.slug:
        st.session_state[BEFORE_ANSWER] = (None, now)
    elif earlier[1].person != now.person:
        st.session_state[BEFORE_ANSWER] = (earlier[1], now)
    before: Shown | None = st.session_state[BEFORE_ANSWER][0]
    return before


def first_set() -> tuple[int, ...]:
    """The items that stand on the page for somebody new to rate; empty before the first drawing."""
    board: tuple[int, ...] = st.session_state.get(FIRST_SET, ())
    return board


def set_first_set(items: Sequence[int]) -> None:
    """Remember what stands there."""
    st.session_state[FIRST_SET] = tuple(items)


def seen(now: Shown) -> int:
    """How many of the list's items have stood on the page, from the first."""
    known: tuple[Shown, int] | None = st.session_state.get(SEEN)
    return known[1] if known is not None and known[0] == now else 0


def set_seen(now: Shown, count: int) -> None:
    """Remember that the first `count` items have stood on the page."""
    st.session_state[SEEN] = now, count


def list_length() -> int:
    """How many posters the list shows."""
    return int(st.session_state.get(LENGTH, PAGE))


def lengthen() -> None:
    """Show one page more."""
    st.session_state[LENGTH] = list_length() + PAGE


def last_rated(place: str) -> tuple[int, float | None] | None:
    """movie_id and stars (None: taken away) of the rating just given, as long as the visitor stays where they gave it."""
    rated, given = st.session_state.get(LAST_RATED) or (None, place)
    if rated is None or given not in (None, place):
        set_last_rated(None)
        return None
    st.session_state[LAST_RATED] = rated, place
    return rated


def set_last_rated(rated: tuple[int, float | None] | None) -> None:
    """Remember the rating just given, or forget it."""
    st.session_state[LAST_RATED] = None if rated is None else (rated, None)


def answered(grid: str) -> int:
    """Number of the last act on a poster grid that was answered; 0 before the first."""
    return int(st.session_state.get(ANSWERED, {}).get(grid, (0, None))[0])


def set_answered(grid: str, number: int, event: Event) -> None:
    """Remember that act `number` was answered, and what it was until the page asks."""
    st.session_state.setdefault(ANSWERED, {})[grid] = (number, event)


def take_event(grid: str) -> Event | None:
    """The last act on a grid, once."""
    known = st.session_state.get(ANSWERED, {})
    number, event = known.get(grid, (0, None))
    if event is not None:
        known[grid] = (number, None)
    return event


def set_trouble(sentence: str) -> None:
    """Keep what could not be stored, in one sentence, for the next drawing of the page."""
    st.session_state[TROUBLE] = sentence


def take_trouble() -> str | None:
    """What could not be stored, once."""
    trouble: str | None = st.session_state.pop(TROUBLE, None)
    return trouble


@dataclass(frozen=True)
class Columns:
    """The models side by side under Compare, left to right, and the model that was chosen at that moment."""

    slugs: tuple[str, ...]
    chosen: str


def columns() -> Columns | None:
    """What stood side by side in the last run."""
    return st.session_state.get(COLUMNS)


def asked_columns() -> tuple[str, ...]:
    """The models that the address asks to compare, whether they exist or not."""
    return tuple(slug for slug in st.query_params.get("compare", "").split(",") if slug)


def put_side_by_side(slugs: Sequence[str]) -> None:
    """Remember the columns, in memory and in the address."""
    st.session_state[COLUMNS] = Columns(tuple(slugs), model())
    if st.query_params.get("compare") != (text := ",".join(slugs)):
        st.query_params["compare"] = text


def asked_model() -> str | None:
    """Slug of the model that the address asks to see in full on the Models page, whether it exists or not."""
    return st.query_params.get("about")


def ask_model(slug: str | None) -> None:
    """Open a model on the Models page, or close it with None."""
    if slug is None:
        st.query_params.pop("about", None)
    else:
        st.query_params["about"] = slug


def draft() -> Draft:
    """The movie that the visitor was writing, however often they left the page since."""
    kept: Draft | None = st.session_state.get(DRAFT)
    return kept if kept is not None else Draft("")


def set_draft(written: Draft) -> None:
    """Remember the movie that the visitor is writing."""
    st.session_state[DRAFT] = written
