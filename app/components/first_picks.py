"""All at once: every model's first pick side by side, and how far the models agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from app import movies, session
from app.components.model_switch import place
from app.resources import house
from app.theme import BLOCK_CLIPS, BLOCK_COLOURS
from recommender.models.base import ModelCard
from recommender.serving.answers import Answer

FRONTEND = Path(__file__).with_name("frontend")

_picks = st.components.v2.component(
    "marquee_first_picks",
    html='<div class="strip"><h2></h2><ul class="picks"></ul></div>',
    css=(FRONTEND / "first_picks.css").read_text(encoding="utf-8"),
    js=(FRONTEND / "first_picks.js").read_text(encoding="utf-8"),
)


def render(cards: Sequence[ModelCard], answers: Mapping[str, Answer]) -> tuple[str, int] | None:
    """One small poster per model; it grows by itself as models are added.

    Returns the model and the movie_id of the poster that was just clicked.
    """
    first = {
        card.slug: (card, movies.by_item(int(answers[card.slug].items[0])))
        for card in sorted(cards, key=place)
        if card.slug in answers and len(answers[card.slug].items)
    }
    picks = [
        {
            "slug": slug,
            "model": card.name,
            "movie_id": movie.movie_id,
            "label": movie.label,
            "colour": BLOCK_COLOURS[card.block],
            "clip": BLOCK_CLIPS[card.block],
            "chosen": slug == session.model(),
            "address": f"/movie?movie={movie.movie_id}&model={slug}",
        }
        for slug, (card, movie) in first.items()
    ]
    data = {"heading": f"Everyone’s first pick{agreement(answers)}", "picks": picks}
    opened = _picks(key="first_picks", data=data, on_opened_change=lambda: None).opened
    return (opened, first[opened][1].movie_id) if opened in first else None


def agreement(answers: Mapping[str, Answer]) -> str:
    """How far the models agree, in words; nothing where one is alone."""
    if len(answers) < 2:
        return ""
    return f" · any two share {100 * house().engine.agreement(dict(answers)):.0f} % of twenty on average"
