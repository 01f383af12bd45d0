"""Lists side by side with ribbons between the titles that neighbours share: difference, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

FRONTEND = Path(__file__).with_name("frontend")

_ribbons = st.components.v2.component(
    "marquee_ribbons",
    html='<div class="viewport" role="group" aria-label="Lists side by side"></div>',
    css=(FRONTEND / "ribbons.css").read_text(encoding="utf-8"),
    js=(FRONTEND / "ribbons.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Listed:
    """A movie in a column."""

    movie_id: int
    rank: int
    title: str
    label: str
    """Title with year, for those who hear the page."""
    reason: str | None
    only: bool
    """Whether no other column has it."""
    also: tuple[tuple[int, int], ...]
    """The other columns that have it: their place from 0, and its rank there."""


@dataclass(frozen=True)
class Column:
    """One model's list."""

    name: str
    colour: str
    clip: str
    """CSS clip-path of the sign that stands beside the name."""
    note: str
    movies: tuple[Listed, ...]


def ribbons(columns: Sequence[Column], *, key: str) -> int | None:
    """Draw the columns. Returns the movie_id that was just clicked."""
    result = _ribbons(key=key, data={"columns": [asdict(column) for column in columns]}, on_opened_change=lambda: None)
    return None if result.opened is None else int(result.opened)
