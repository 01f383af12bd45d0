"""The funnel of a cascade: how many movies enter and leave each stage, who brought them, and the way of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

FRONTEND = Path(__file__).with_name("frontend")

_funnel = st.components.v2.component(
    "marquee_funnel",
    html='<div class="funnel"></div>',
    css=(FRONTEND / "funnel.css").read_text(encoding="utf-8"),
    js=(FRONTEND / "funnel.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Source:
    """Who brings movies."""

    name: str
    colour: str
    clip: str
    """CSS clip-path of the sign that stands beside the name."""
    note: str
    """How many it brought and how long it took, or why it was left out."""
    left_out: bool


@dataclass(frozen=True)
class Bar:
    """What stood after one stage."""

    title: str
    note: str
    count: int
    parts: tuple[int, ...]
    """How many of them each source brought; empty for the catalogue, of which nobody brought anything yet."""
    left_out: bool = False
    split: bool = False
    """Whether the sources stand apart here."""


@dataclass(frozen=True)
class Way:
    """The way of one movie."""

    source: int | None
    """Who brought it, as a place among the sources; None when nobody did."""
    places: tuple[float, ...]
    """0..1 for each bar that it is in, from the first: where among the movies of its source."""
    end: str
    """What stands at its end: where it was lost, or its rank in the list."""
    lost: bool


@dataclass(frozen=True)
class Taker:
    """A movie that took its place."""

    movie_id: int
    label: str


def funnel(
    sources: Sequence[Source],
    bars: Sequence[Bar],
    way: Way | None,
    fate: Sequence[tuple[str, bool]],
    takers: Sequence[Taker],
    *,
    key: str,
) -> int | None:
    """Draw it, and below it what became of the movie: pieces of a sentence, bold or not, and who took its place.

    Returns the movie_id of a taker that was just clicked.
    """
    data = {
        "sources": [asdict(source) for source in sources],
        "bars": [asdict(bar) for bar in bars],
        "way": None if way is None else asdict(way),
        "fate": [list(piece) for piece in fate],
        "takers": [asdict(taker) for taker in takers],
    }
    result = _funnel(key=key, data=data, on_opened_change=lambda: None)
    return None if result.opened is None else int(result.opened)
