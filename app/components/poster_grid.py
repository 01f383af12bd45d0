"""The poster grid: posters with stars, ranks and reasons that glide to their new places when the list changes.

What the visitor does to a poster reaches the server as a list of numbered acts, sent again until it is answered: ten quick
stars are ten ratings, even where one run of the page overtakes another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

import streamlit as st

from app import exposure, session
from app.movies import Movie

FRONTEND = Path(__file__).with_name("frontend")

_grid = st.components.v2.component(
    "marquee_poster_grid",
    html='<ol class="grid"></ol><p class="told" role="status"></p>',
    css=(FRONTEND / "poster_grid.css").read_text(encoding="utf-8"),
    js=(FRONTEND / "poster_grid.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Card:
    """A movie in the grid."""

    movie_id: int
    title: str
    year: int | None
    rank: int | None = None
    change: int | Literal["new"] | None = None
    """Places gained (lost: negative) against the list before; "new" when it was not in it."""
    reason: str | None = None
    mark: str | None = None
    """A word on a badge of its poster: that it is there for another reason than its neighbours."""
    stars: float | None = None
    skippable: bool = False
    """Whether it offers "Not seen it"."""

    @classmethod
    def of(cls, movie: Movie, *, stars: float | None = None, skippable: bool = False) -> Self:
        """A card without a rank."""
        return cls(movie.movie_id, movie.title, movie.year, stars=stars, skippable=skippable)


@dataclass(frozen=True)
class Event:
    """What the visitor did with a poster."""

    kind: Literal["rate", "open", "skip"]
    movie_id: int
    stars: float | None = None
    """0.5..5 with the kind "rate"; None takes the stars away."""


def poster_grid(cards: Sequence[Card], *, key: str, name: str | None = None) -> Event | None:
    """Draw the grid. Returns what the visitor did last, once; stars and skips are stored by then, before the page was drawn.

    Under one `key` cards glide from list to list; `name` is the id of the list that stands there now, for scripts.
    """
    data = {"cards": [vars(card) for card in cards], "name": name or key, "answered": session.answered(key)}
    _grid(key=key, data=data, on_acts_change=partial(hear, key))
    return session.take_event(key)


def hear(key: str) -> None:
    """Answer what the visitor has done since the last answer, in order."""
    for number, event in events(st.session_state[key].acts, session.answered(key)):
        session.set_answered(key, number, event)
        exposure.answer(event)


def events(acts: Any, answered: int) -> list[tuple[int, Event]]:
    """The acts after number `answered`, in order. They come from a browser: what makes no sense is left out."""
    found = []
    for act in acts if isinstance(acts, list) else []:
        match act:
            case {"number": int(number), "kind": "rate", "movie_id": int(movie_id), "stars": None | int() | float()}:
                found.append((number, Event("rate", movie_id, None if act["stars"] is None else float(act["stars"]))))
            case {"number": int(number), "kind": "open" | "skip" as kind, "movie_id": int(movie_id)}:
                found.append((number, Event(kind, movie_id)))
    return sorted((one for one in found if one[0] > answered), key=lambda one: one[0])
