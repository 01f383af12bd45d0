"""A person's ratings as a list: small poster, title, stars that can be changed in place, and a way to take them away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

FRONTEND = Path(__file__).with_name("frontend")

_list = st.components.v2.component(
    "marquee_rating_list",
    html='<div class="groups"></div>',
    css=(FRONTEND / "rating_list.css").read_text(encoding="utf-8"),
    js=(FRONTEND / "rating_list.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Rated:
    """One row."""

    movie_id: int
    title: str
    note: str
    """Year, genres, day: what stands small below the title."""
    stars: float


@dataclass(frozen=True)
class Group:
    """Rows below one heading, a month."""

    heading: str
    rows: tuple[Rated, ...]


@dataclass(frozen=True)
class Change:
    """What the visitor asked of a row: other stars, None to take them away, or to open the movie."""

    movie_id: int
    stars: float | None
    opened: bool


def rating_list(groups: Sequence[Group], *, key: str) -> Change | None:
    """Draw the rows. Returns what was just asked for."""
    result = _list(key=key, data={"groups": [asdict(group) for group in groups]}, on_asked_change=lambda: None)
    if not result.asked:
        return None
    asked = result.asked
    stars = asked.get("stars")
    return Change(int(asked["movie_id"]), None if stars is None else float(stars), bool(asked.get("opened")))
