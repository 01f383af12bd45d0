"""Who is best: every measured model with its 95 % interval, best first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import altair as alt
import streamlit as st

from app.theme import BLOCK_COLOURS
from app.workshop import Metric
from recommender.models.base import ModelCard

ROW_HEIGHT = 40


class Row(NamedTuple):
    """One model's line."""

    card: ModelCard
    metric: Metric


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Best first; equals by name."""
    return sorted(rows, key=lambda row: (-row.metric.value, row.card.name))


def decimal(value: float) -> str:
    """Three decimals, without the zero before the point where there is nothing but it."""
    return f"{value:.3f}".removeprefix("0") if 0 < value < 1 else f"{value:.3f}"


def render(rows: Sequence[Row], title: str, *, ink: str, quiet: str) -> None:
    """Draw a dot and a bar per model in the colour of its block. `title` names the metric; colours are CSS colours."""
    best = ordered(rows)
    values = [
        {
            "model": row.card.name,
            "block": row.card.block.value,
            "colour": BLOCK_COLOURS[row.card.block],
            "value": row.metric.value,
            "low": row.metric.low,
            "high": row.metric.high,
            "label": decimal(row.metric.value),
        }
        for row in best
    ]
    axis = alt.Axis(
        ticks=False,
        domain=False,
        labelFontSize=15,
        labelFontWeight=600,
        labelPadding=12,
        labelColor=ink,
        labelLimit=200,
        labelFlush=False,
    )
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("model:N", sort=[row.card.name for row in best], title=None, axis=axis),
        color=alt.Color("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("model:N"),
            alt.Tooltip("block:N"),
            *(alt.Tooltip(f"{field}:Q", format=".4f") for field in ("value", "low", "high")),
        ],
    )
    low = alt.X(
        "low:Q", title=f"{title}, 95 % interval", scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=6)
    )
    chart = alt.layer(
        base.mark_rule(strokeWidth=8, opacity=0.35, strokeCap="round").encode(x=low, x2="high:Q"),
        base.mark_circle(size=190, opacity=1).encode(x="value:Q"),
        base.mark_text(align="left", dx=14, fontSize=14, fontWeight=600, color=ink).encode(
            x="high:Q", text="label:N", color=alt.value(ink)
        ),
    ).configure_axis(titleColor=quiet, titleFontSize=13)
    st.altair_chart(chart.properties(height=ROW_HEIGHT * len(best) + 56), width="stretch", key="leaderboard")
