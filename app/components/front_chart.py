"""Pareto fronts: what is had of one goal for what is given of another, of measured models and of one visitor's own lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st

from app.components.seesaw_chart import colours
from app.objective_trials import Objectives
from app.theme import Inks
from recommender.serving.trade import Traded

HEIGHT = 380


def measured(found: Objectives, *, ink: Inks) -> None:
    """Every model at every weight, with the error bars of both qualities, and the line through those that no other beats."""
    front = found.front()
    rows: list[dict[str, Any]] = [
        {
            "model": found.names[point.model],
            "weight": f"{point.weight:.0%}",
            "x": point.liked.value, "x1": point.liked.low, "x2": point.liked.high,
            "y": point.novelty.value, "y1": point.novelty.low, "y2": point.novelty.high,
            "front": point in front,
        }
        for point in found.points
    ]  # fmt: skip
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        color=colours(found),
        tooltip=[
            alt.Tooltip("model:N", title=" "),
            alt.Tooltip("weight:N", title="weight of novelty"),
            alt.Tooltip("x:Q", format=".3f", title="liked, NDCG@10"),
            alt.Tooltip("y:Q", format=".2f", title="novelty, bits"),
        ],
    )
    x = alt.X(
        "x:Q",
        title="finds what is liked, NDCG@10 →",
        scale=alt.Scale(zero=False),
        axis=alt.Axis(format=".2f", tickCount=5),
    )
    y = alt.Y("y:Q", title="↑ novelty, bits", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    line = (
        base.transform_filter(alt.datum.front)
        .mark_line(strokeWidth=3, strokeDash=[6, 4])
        .encode(x, y, color=alt.value(ink.text), detail="front:N", order="x:Q")
    )
    chart = alt.layer(
        line,
        base.mark_rule(strokeWidth=3, opacity=0.35).encode(alt.X("x1:Q"), alt.X2("x2:Q"), y),
        base.mark_rule(strokeWidth=3, opacity=0.35).encode(x, alt.Y("y1:Q"), alt.Y2("y2:Q")),
        base.mark_circle(size=150).encode(x, y, opacity=alt.condition(alt.datum.front, alt.value(1), alt.value(0.45))),
    ).configure_axis(titleColor=ink.quiet, titleFontSize=14, labelFontSize=13)
    st.altair_chart(chart.properties(height=HEIGHT), width="stretch", key="front")


def own(lists: Sequence[Traded], now: float, *, ink: Inks) -> None:
    """One visitor's lists; the one that their sliders ask for `now` is ringed."""
    rows = [
        {"x": one.liked, "y": one.raters, "weight": f"{one.novelty:.0%}", "order": at, "now": one.novelty == now}
        for at, one in enumerate(lists)
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("x:Q", title="chance that you like it, mean of ten →", scale=alt.Scale(zero=False), axis=alt.Axis(format=".0%", tickCount=5)),
        y=alt.Y(
            "y:Q", title="↑ rarer: rated by so many people", scale=alt.Scale(type="log", reverse=True), axis=alt.Axis(format=".1~%", values=[0.001, 0.01, 0.1, 1], grid=False)
        ),
        tooltip=[
            alt.Tooltip("weight:N", title="weight of novelty"),
            alt.Tooltip("x:Q", format=".1%", title="chance that you like it"),
            alt.Tooltip("y:Q", format=".1%", title="rated by"),
        ],
    )  # fmt: skip
    yours = base.transform_filter(alt.datum.now)
    chart = alt.layer(
        base.mark_line(strokeWidth=3, color=ink.quiet).encode(order="order:Q"),
        base.mark_circle(size=110, opacity=1, color=ink.quiet),
        yours.mark_circle(size=320, opacity=1, color=ink.accent),
        yours.mark_text(align="right", dx=-16, dy=12, fontSize=15, fontWeight=600, color=ink.text, text="your sliders"),
    ).configure_axis(titleColor=ink.quiet, titleFontSize=14, labelFontSize=13)
    st.altair_chart(chart.properties(height=HEIGHT - 80), width="stretch", key="own_front")
