"""The poster grid: posters with stars, ranks and reasons that glide to their new places when the list changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self

import streamlit as st

from app.movies import Movie

FRONTEND = Path(__file__).with_name("frontend")

_grid = st.components.v2.component(
    "marquee_poster_grid",
    html='<ul class="grid"></ul>',
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


def poster_grid(cards: Sequence[Card], *, key: str) -> Event | None:
    """Draw the grid. Returns what the visitor did since the last run, once."""
    result = _grid(key=key, data={"cards": [asdict(card) for card in cards]}, on_act_change=lambda: None)
    act = result.act
    if act is None:
        return None
    stars = act.get("stars")
    return Event(act["kind"], int(act["movie_id"]), None if stars is None else float(stars))
