"""Ranks of one movie by several models, as dots on a line from first to last."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import streamlit as st

from app.theme import BLOCK_COLOURS, inks
from recommender.models.base import ModelCard

ROW_HEIGHT = 34
FIGURES = 56
"""Pixels kept free at the right end for the figures of the last."""


def render(ranks: Sequence[tuple[ModelCard, int]]) -> None:
    """Draw one row per model, best first: a dot in the colour of its block, its rank in figures beside it."""
    ordered = sorted(ranks, key=lambda pair: pair[1])
    rows = [
        {"model": card.name, "rank": rank, "block": card.block.value, "label": f"{rank:,}"} for card, rank in ordered
    ]
    blocks = sorted({card.block.value for card, _ in ordered})
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y(
            "model:N", sort=[card.name for card, _ in ordered], title=None, axis=alt.Axis(ticks=False, domain=False)
        ),
        x=alt.X(
            "rank:Q",
            scale=alt.Scale(type="log", nice=True, range=[0, alt.ExprRef(f"width - {FIGURES}")]),
            title="rank (1 is best)",
            axis=alt.Axis(grid=True, values=[1, 10, 100, 1_000, 10_000], format=","),
        ),
        tooltip=[alt.Tooltip("model:N"), alt.Tooltip("rank:Q", format=","), alt.Tooltip("block:N")],
    )
    colour = alt.Color(
        "block:N", legend=None, scale=alt.Scale(domain=blocks, range=[BLOCK_COLOURS[block] for block in blocks])
    )
    dots = base.mark_circle(size=180, opacity=1).encode(color=colour)
    figures = base.mark_text(align="left", dx=12, fontSize=13).encode(text="label:N", color=alt.value(inks().quiet))
    st.altair_chart((dots + figures).properties(height=ROW_HEIGHT * len(rows) + 40), width="stretch")
