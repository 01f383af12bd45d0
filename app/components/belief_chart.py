"""Chances with their 95 % intervals: of each movie of a list, before the visitor's last ratings and now; and how they narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.theme import Inks
from recommender.models.abilities import Belief

ROW = 46
"""Height of a movie with its name above its bar, in pixels."""
NARROWING = 240


def intervals(titles: Sequence[str], belief: Belief, *, ink: Inks, key: str) -> None:
    """Draw a bar per movie, best first: strong as it is now, pale as it was at first."""
    rows = [
        {
            "place": place,
            "title": f"{place + 1}  {title}",
            "chance": float(belief.chance[-1, place]),
            "low": float(belief.low[-1, place]),
            "high": float(belief.high[-1, place]),
            "low_before": float(belief.low[0, place]),
            "high_before": float(belief.high[0, place]),
            "now": _told(belief, -1, place),
            "before": _told(belief, 0, place),
        }
        for place, title in enumerate(titles)
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0.2, paddingOuter=0.2)),
        tooltip=[
            alt.Tooltip("title:N", title=" "),
            alt.Tooltip("now:N", title="now"),
            alt.Tooltip("before:N", title="before"),
        ],
    )
    across = alt.X(
        "low:Q",
        title="chance of a yes",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(
            tickCount=5, labelFontSize=14, grid=True, gridColor=ink.line, ticks=False, domain=False, format=".0%"
        ),
    )
    chart = alt.layer(
        base.mark_rule(strokeWidth=13, strokeCap="round", color=ink.quiet, opacity=0.32, yOffset=9).encode(
            alt.X("low_before:Q"), x2="high_before:Q"
        ),
        base.mark_rule(strokeWidth=5, strokeCap="round", color=ink.accent, opacity=1, yOffset=9).encode(
            across, x2="high:Q"
        ),
        base.mark_point(filled=True, color=ink.text, size=110, opacity=1, yOffset=9).encode(alt.X("chance:Q")),
        base.mark_text(
            align="left", baseline="middle", dy=-11, fontSize=15, color=ink.text, limit=alt.ExprRef("width - 8")
        ).encode(x=alt.value(0), text="title:N"),
    )
    chart = chart.properties(height=ROW * len(rows)).configure_axis(titleColor=ink.quiet, titleFontSize=14)
    st.altair_chart(chart, width="stretch", key=key)


def narrowing(names: Sequence[str], belief: Belief, *, ink: Inks, key: str) -> None:
    """Draw how the doubt about the movies changed from before the first of the visitor's ratings on, after each of them."""
    rows: list[dict[str, Any]] = [
        {"turn": turn, "change": value, "name": name}
        for turn, (value, name) in enumerate(zip(changed(belief).tolist(), ("before them", *names), strict=True))
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.X(
            "turn:Q",
            title="your ratings, one after the other",
            scale=alt.Scale(domain=[0, len(rows) - 1], nice=False, padding=12),
            axis=alt.Axis(
                values=[*range(len(rows))], format="d", grid=False, ticks=False, labelFontSize=14, labelOverlap=True
            ),
        ),
        alt.Y(
            "change:Q",
            title="doubt, beside before",
            scale=alt.Scale(nice=True),
            axis=alt.Axis(tickCount=4, labelFontSize=14, domain=False, ticks=False, format="+.1~p"),
        ),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("change:Q", title="doubt", format="+.2~p")],
    )
    chart = base.mark_line(
        color=ink.accent, strokeWidth=4, point=alt.OverlayMarkDef(size=110, color=ink.accent, opacity=1)
    )
    chart = chart.properties(height=NARROWING).configure_axis(titleColor=ink.quiet, titleFontSize=14)
    st.altair_chart(chart, width="stretch", key=key)


def changed(belief: Belief) -> NDArray[np.float64]:
    """Change of the doubt since the first moment, as a share of it then, the mean over the movies, at each moment."""
    shares: NDArray[np.float64] = (belief.deviation / belief.deviation[0] - 1).mean(axis=1)
    return shares


def _told(belief: Belief, moment: int, place: int) -> str:
    chance, low, high = (part[moment, place] for part in (belief.chance, belief.low, belief.high))
    return f"{chance:.1%} ({low:.1%} to {high:.1%})"
