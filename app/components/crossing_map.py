"""A heat map of fields that meet: rows are the person's fields and the movie's, columns the movie's."""

from __future__ import annotations

from typing import Any

import altair as alt
import streamlit as st

from app.theme import Inks
from recommender.serving.crossings import Crossings

AGAINST = "#4c8dff"
ROW_PIXELS = 26


def render(found: Crossings, *, ink: Inks, key: str) -> None:
    """Draw it; the bulb's colour is for the movie, blue against it, the ground is nothing. Each pair is drawn once."""
    first = len(found.rows) - len(found.columns)
    rows: list[dict[str, Any]] = [
        {"one": one, "other": other, "strength": round(float(found.strengths[row, column]), 4)}
        for row, one in enumerate(found.rows)
        for column, other in enumerate(found.columns)
        if row < first + column
    ]
    most = max((abs(cell["strength"]) for cell in rows), default=0.0) or 1.0
    least = min((cell["strength"] for cell in rows), default=0.0)
    domain, range_ = (
        ([-most, 0, most], [AGAINST, ink.panel, ink.accent])
        if found.signed
        else ([min(least, most / 2), most], [ink.panel, ink.accent])
    )
    axis: dict[str, Any] = {
        "labelFontSize": 13,
        "labelColor": ink.text,
        "ticks": False,
        "domain": False,
        "labelLimit": 160,
    }
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_rect(stroke=ink.line, strokeWidth=1)
        .encode(
            x=alt.X(
                "other:N",
                sort=list(found.columns),
                title=None,
                axis=alt.Axis(orient="top", labelAngle=-90, labelOverlap=False, **axis),
            ),
            y=alt.Y("one:N", sort=list(found.rows), title=None, axis=alt.Axis(**axis)),
            color=alt.Color("strength:Q", scale=alt.Scale(domain=domain, range=range_, interpolate="rgb"), legend=None),
            tooltip=[
                alt.Tooltip("one:N", title=" "),
                alt.Tooltip("other:N", title="meets"),
                alt.Tooltip("strength:Q", title="strength", format="+.3f" if found.signed else ".1%"),
            ],
        )
        .properties(height=ROW_PIXELS * (len(found.rows) - 1) + 110)
        .configure_view(strokeWidth=0)
    )
    st.altair_chart(chart, width="stretch", key=key)
