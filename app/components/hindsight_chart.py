"""A real movie placed as a newcomer: for each model the median rank among those who loved it, and among others, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st

from app.theme import BLOCK_COLOURS, inks
from recommender.serving.hindsight import Hindsight

ROW_HEIGHT = 44
LOVERS, OTHERS = "loved it", "never rated it"


def render(said: Sequence[Hindsight]) -> None:
    """Draw a row per model, in the order given: a full dot for lovers, a hollow one for others, a line for the interval."""
    order = [one.card.name for one in said]
    rows: list[dict[str, Any]] = [
        {
            "model": one.card.name,
            "block": one.card.block.value,
            "who": who,
            "rank": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
        }
        for one in said
        for who, estimate in ((LOVERS, one.lovers), (OTHERS, one.others))
    ]
    ink = inks()
    blocks = sorted({row["block"] for row in rows})
    scale = alt.Scale(type="log", nice=True)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y(
            "model:N",
            sort=order,
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelFontSize=14, labelColor=ink.text, labelLimit=110),
        ),
        yOffset=alt.YOffset("who:N", sort=[LOVERS, OTHERS], scale=alt.Scale(paddingInner=0.6)),
        color=alt.Color(
            "block:N", legend=None, scale=alt.Scale(domain=blocks, range=[BLOCK_COLOURS[block] for block in blocks])
        ),
        tooltip=[
            alt.Tooltip("model:N"),
            alt.Tooltip("who:N"),
            alt.Tooltip("rank:Q", format=",.0f", title="median rank"),
            alt.Tooltip("low:Q", format=",.0f"),
            alt.Tooltip("high:Q", format=",.0f"),
        ],
    )
    x = alt.X(
        "rank:Q",
        scale=scale,
        title="median rank as a newcomer (1 is best)",
        axis=alt.Axis(
            grid=True,
            values=[10, 30, 100, 300, 1_000, 3_000, 10_000],
            format=",",
            labelColor=ink.quiet,
            titleColor=ink.quiet,
        ),
    )
    intervals = base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    full = base.transform_filter(alt.datum.who == LOVERS).mark_circle(size=220, opacity=1).encode(x=x)
    hollow = (
        base.transform_filter(alt.datum.who == OTHERS)
        .mark_point(size=190, opacity=1, strokeWidth=3, fill=ink.ground)
        .encode(x=x)
    )
    chart = alt.layer(intervals, full, hollow).properties(height=ROW_HEIGHT * len(order) + 56)
    st.altair_chart(chart, width="stretch", key="hindsight")
