"""Stars given up, choice after choice: a line per policy with its 95 % band; the chosen one and the model alone stand out."""

from __future__ import annotations

from typing import Any

import altair as alt
import streamlit as st

from app.regret import CERTAIN, GREEDY, NAMES, RANDOM, Regrets
from app.theme import Inks

HEIGHT = 420
COLOURS = {"thompson": "#4c8dff", "linucb": "#3fb56b", "epsilon": "#c77dff"}
LINES = "max(0.62 * width, width - 200)"
"""Width of the part with the lines, as a Vega expression in pixels: the rest is for names, on a phone too."""
APART = 0.07
"""Least distance of two names, as a share of the axis."""


def render(found: Regrets, chosen: str, *, ink: Inks) -> None:
    """Draw it."""
    rows = _rows(found, chosen, ink)
    turns, reach = max(row["turn"] for row in rows), max(row["high"] for row in rows)
    base = alt.Chart(alt.InlineData(values=rows))
    across = alt.X(
        "turn:Q",
        title="choices",
        scale=alt.Scale(domain=[0, turns], nice=False, range=[0, alt.ExprRef(LINES)]),
        axis=alt.Axis(tickCount=6, labelFontSize=15, grid=False, ticks=False, labelPadding=8),
    )
    up = alt.Y(
        "value:Q",
        title="stars given up",
        scale=alt.Scale(domain=[0, reach], nice=True),
        axis=alt.Axis(tickCount=5, labelFontSize=14, domain=False, ticks=False, format="d"),
    )
    colour = alt.Color("colour:N", scale=None)
    lines = base.mark_line().encode(
        across,
        up,
        color=colour,
        detail="name:N",
        strokeDash=alt.StrokeDash("dash:N", scale=None),
        strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None),
        opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("turn:Q", title="choices"),
            alt.Tooltip("told:N", title="stars given up"),
        ],
    )
    band = (
        base.transform_filter(alt.datum.chosen)
        .mark_area(opacity=0.16)
        .encode(across, alt.Y("low:Q", title=None), alt.Y2("high:Q"), color=colour, detail="name:N")
    )
    names = (
        alt.Chart(alt.InlineData(values=_names(rows, turns, reach)))
        .mark_text(
            align="left",
            dx=12,
            fontSize=alt.ExprRef("width < 480 ? 13 : 16"),
            limit=alt.ExprRef(f"width - {LINES} - 12"),
        )
        .encode(
            alt.X("turn:Q"),
            alt.Y("place:Q"),
            text="name:N",
            color=alt.value(ink.text),
            opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
        )
    )
    chart = alt.layer(band, lines, names).properties(height=HEIGHT)
    st.altair_chart(chart.configure_axis(titleColor=ink.quiet, titleFontSize=14), width="stretch", key="regret_curves")


def _rows(found: Regrets, chosen: str, ink: Inks) -> list[dict[str, Any]]:
    plain = {GREEDY: ink.text, CERTAIN: ink.accent, RANDOM: ink.quiet}
    return [
        {
            "name": NAMES[name].removesuffix(" sampling"),  # a phone has little room beside the lines
            "colour": plain[name] if name in plain else COLOURS[name],
            "chosen": name == chosen,
            "width": 5 if name == chosen else 3,
            "opacity": 1.0 if name in (chosen, *plain) else 0.75,
            "dash": [10, 6] if name in plain else [1, 0],
            "turn": turn,
            "value": metric.value,
            "low": metric.low,
            "high": metric.high,
            "told": f"{metric.value:.1f} ({metric.low:.1f} to {metric.high:.1f}), {metric.n} people",
        }
        for name, curve in found.curves.items()
        for turn, metric in enumerate(curve.regret, 1)
    ]


def _names(rows: list[dict[str, Any]], turns: int, reach: float) -> list[dict[str, Any]]:
    """Where each name stands at the end of its line, pushed apart from the lowest up."""
    placed: list[dict[str, Any]] = []
    for row in sorted((row for row in rows if row["turn"] == turns), key=lambda row: row["value"]):
        below = placed[-1]["place"] + APART * reach if placed else 0.0
        placed.append({**row, "place": max(row["value"], below)})
    return placed
