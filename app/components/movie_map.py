"""The map of all movies: one canvas that is moved and enlarged in the browser; the server is asked when a movie is chosen or opened."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.genre_groups import GROUPS

FRONTEND = Path(__file__).with_name("frontend")
By = Literal["text", "behaviour"]
Colour = Literal["genre", "model"]

_map = st.components.v2.component(
    "marquee_movie_map",
    html='<section class="map" aria-label="Map of all movies"></section>',
    css=(FRONTEND / "movie_map.css").read_text(encoding="utf-8"),
    js="\n".join((FRONTEND / f"movie_map{part}.js").read_text(encoding="utf-8") for part in ("_canvas", "", "_hand")),
)


@dataclass(frozen=True, eq=False)
class Chart:
    """What the map shows to one visitor."""

    url: str
    """Where browsers find titles, places and genres of all movies."""
    by: By
    colour: Colour
    model: str
    """Name of the chosen model."""
    ranked: NDArray[np.int32]
    """The model's whole list for the visitor, best first."""
    path: Sequence[tuple[int, float]]
    """The visitor's ratings, oldest first: item and stars."""
    selected: int | None
    """movie_id of the movie that was looked for."""
    name: str
    """The map in a sentence, for those who hear the page."""
    placeless: str
    """Why a movie can be missing on this map."""


@dataclass(frozen=True)
class Heard:
    """What the visitor did; a movie_id each, None where nothing happened."""

    opened: int | None
    chosen: int | None
    """0 when they let go of it."""


TOP = 10


def movie_map(chart: Chart, n_items: int, *, key: str) -> Heard:
    """Draw the map. Under one `key` movies glide from one map to the other."""
    data = {
        "url": chart.url,
        "by": chart.by,
        "colour": chart.colour,
        "model": chart.model,
        "heat": base64.b64encode(heat(chart.ranked, n_items).tobytes()).decode(),
        "top": chart.ranked[:TOP].tolist(),
        "path": [[item, stars] for item, stars in chart.path],
        "selected": chart.selected,
        "name": chart.name,
        "placeless": chart.placeless,
        "groups": [{"name": group.name, "colour": group.colour} for group in GROUPS],
    }
    result = _map(key=key, data=data, on_opened_change=lambda: None, on_chosen_change=lambda: None)
    return Heard(*(None if value is None else int(value) for value in (result.opened, result.chosen)))


def heat(ranked: NDArray[np.int32], n_items: int) -> NDArray[np.uint8]:
    """How much each item glows, 0..255 `[n_items]`: by the logarithm of its rank, so that the first hundred stand out from thousands.

    Items that are not in the list, such as those that the visitor has rated, do not glow.
    """
    glow = np.zeros(n_items, np.uint8)
    kept = ranked[ranked < n_items]
    ranks = np.arange(1, len(kept) + 1)
    glow[kept] = np.round(255 * (1 - np.log(ranks) / np.log(max(n_items, 2)))).astype(np.uint8)
    return glow
