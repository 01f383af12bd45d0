"""How well rankers rank that learned from clicks in different ways: a dot and its interval for each, over the band of the one that knew the truth."""

from __future__ import annotations

from typing import Any

import altair as alt
import streamlit as st

from app.components.leaderboard import decimal
from app.position_trials import NAIVE, TITLES, TRUTH, Experiment
from app.theme import Inks

ROW_HEIGHT = 46


def render(found: Experiment, *, ink: Inks) -> None:
    """Draw it."""
    rows: list[dict[str, Any]] = [
        {
            "name": TITLES[way],
            "value": one.ndcg.value,
            "low": one.ndcg.low,
            "high": one.ndcg.high,
            "colour": {NAIVE: "#f28c28", TRUTH: ink.text}.get(way, "#4c8dff"),
            "shape": {NAIVE: "cross", TRUTH: "square"}.get(way, "circle"),
            "label": decimal(one.ndcg.value),
            "told": f"{decimal(one.ndcg.value)} ({decimal(one.ndcg.low)} to {decimal(one.ndcg.high)}), {one.ndcg.n} people",
            "order": f"{one.agreement.value:+.2f}",
        }
        for way, one in ((way, found.trained[way]) for way in TITLES)
    ]
    truth = found.trained[TRUTH].ndcg
    scale = alt.Scale(domain=_reach(rows), nice=False, zero=False)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y(
            "name:N",
            sort=list(TITLES.values()),
            title=None,
            axis=alt.Axis(
                ticks=False,
                domain=False,
                labelFlush=False,
                labelFontSize=15,
                labelFontWeight=600,
                labelColor=ink.text,
                labelLimit=150,
            ),
        ),
        color=alt.Color("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("told:N", title="NDCG@10"),
            alt.Tooltip("order:N", title="agrees with the order shown (τ)"),
        ],
    )
    low = alt.X(
        "low:Q",
        title="NDCG@10 on true stars, 95 % interval",
        scale=scale,
        axis=alt.Axis(tickCount=5, format=".2f", labelFontSize=14),
    )
    band = (
        alt.Chart(alt.InlineData(values=[{"low": truth.low, "high": truth.high}]))
        .mark_rect(opacity=0.12, color=ink.text)
        .encode(x=low, x2="high:Q")
    )
    chart = alt.layer(
        band,
        base.mark_rule(strokeWidth=8, opacity=0.4, strokeCap="round").encode(x=low, x2="high:Q"),
        base.mark_point(size=190, opacity=1, filled=True).encode(
            x=alt.X("value:Q", scale=scale), shape=alt.Shape("shape:N", scale=None)
        ),
        base.mark_text(align="left", dx=12, fontSize=15, fontWeight=600).encode(
            x=alt.X("high:Q", scale=scale), text="label:N", color=alt.value(ink.text)
        ),
    ).configure_axis(titleColor=ink.quiet, titleFontSize=13)
    st.altair_chart(chart.properties(height=ROW_HEIGHT * len(rows) + 56), width="stretch", key="position_bars")


def _reach(rows: list[dict[str, Any]]) -> list[float]:
    """From the lowest to the highest end of any interval, with room for the figures on the right."""
    low, high = min(row["low"] for row in rows), max(row["high"] for row in rows)
    return [low - 0.05 * (high - low), high + 0.3 * (high - low)]
