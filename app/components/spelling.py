"""How a model writes the names of movies, token by token, and which movies are still possible after each.

All of it goes to the browser at once: stepping and playing ask the server for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app import movies, theme
from recommender.models.base import ModelCard
from recommender.serving.writing import Spelling

FRONTEND = Path(__file__).with_name("frontend")

_spelling = st.components.v2.component(
    "marquee_spelling",
    html='<section class="spelling"></section>',
    css=(FRONTEND / "spelling.css").read_text(encoding="utf-8"),
    js=(FRONTEND / "spelling.js").read_text(encoding="utf-8"),
)


def render(card: ModelCard, written: Sequence[Spelling]) -> None:
    """Draw the movies to choose from, the name of the chosen one, and what each token leaves."""
    _spelling(key="spelling", data=data(card, written))


def data(card: ModelCard, written: Sequence[Spelling]) -> dict[str, Any]:
    """What the browser needs, with titles and without items."""
    return {
        "model": card.name,
        "colour": theme.BLOCK_COLOURS[card.block],
        "names": [
            {
                "movie": movies.by_item(one.item).movie_id,
                "title": movies.by_item(one.item).label,
                "steps": [
                    {
                        "token": step.token,
                        "probability": step.probability,
                        "possible": step.possible,
                        "examples": [movies.by_item(item).label for item in step.examples],
                    }
                    for step in one.steps
                ],
            }
            for one in written
        ],
    }
