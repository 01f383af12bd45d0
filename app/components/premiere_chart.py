"""Ranks of one new movie: a row per model, a small dot for each typical person and a large one for the visitor, best at the left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st

from app.theme import BLOCK_COLOURS, inks
from recommender.serving.premiere import Placement

ROW_HEIGHT = 52
ROOM = 24
"""Pixels kept free at the right end for half of the figure of the last."""
TICKS = [1, 10, 100, 1_000, 10_000, 100_000]


def render(placed: Sequence[Placement], names: Sequence[str]) -> None:
    """Draw the rows in the order given; `names` says who each rank belongs to, the visitor first."""
    order = [placement.card.name for placement in placed]
    rows: list[dict[str, Any]] = [
        {"model": placement.card.name, "block": placement.card.block.value, "who": who, "rank": rank, "you": place == 0}
        for placement in placed
        for place, (who, rank) in enumerate(zip(names, placement.ranks, strict=True))
        if rank is not None
    ]
    ink = inks()
    blocks = sorted({row["block"] for row in rows})
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y(
            "model:N",
            sort=order,
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelFontSize=14, labelColor=ink.text, labelLimit=110),
        ),
        x=alt.X(
            "rank:Q",
            scale=alt.Scale(type="log", domainMin=1, nice=True, range=[0, alt.ExprRef(f"width - {ROOM}")]),
            title="rank in the whole list (1 is best)",
            axis=alt.Axis(
                grid=True, values=TICKS, format=",", labelOverlap=True, labelColor=ink.quiet, titleColor=ink.quiet
            ),
        ),
        color=alt.Color(
            "block:N", legend=None, scale=alt.Scale(domain=blocks, range=[BLOCK_COLOURS[block] for block in blocks])
        ),
        tooltip=[alt.Tooltip("who:N"), alt.Tooltip("model:N"), alt.Tooltip("rank:Q", format=",")],
    )
    you = alt.datum.you
    others = base.transform_filter(~you).mark_circle(size=70, opacity=0.42)
    mine = base.transform_filter(you).mark_circle(size=300, opacity=1, stroke=ink.text, strokeWidth=2)
    figures = base.transform_filter(you).mark_text(dy=-18, fontSize=14, fontWeight=600)
    figures = figures.encode(text=alt.Text("rank:Q", format=","), color=alt.value(ink.text))
    chart = alt.layer(others, mine, figures).properties(height=ROW_HEIGHT * len(order) + 56)
    st.altair_chart(chart, width="stretch", key="premiere_ranks")
