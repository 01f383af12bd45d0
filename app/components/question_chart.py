"""Every movie that could be asked about: how many have seen it, how far those disagree, and what its answer is worth."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import streamlit as st

from app import movies
from app.asking import Candidate
from app.theme import Inks

HEIGHT = 340
SMALLEST, LARGEST = 24, 900
"""Areas of bubbles in square pixels."""


def render(candidates: Sequence[Candidate], *, ink: Inks, key: str) -> None:
    """Draw a bubble per candidate, its area the expected gain; the first, which is asked, in the bulb's colour with its title."""
    gains = [max(candidate.gain or 0.0, 0.0) for candidate in candidates]
    most = max(gains, default=0.0) or 1.0
    rows = [
        {
            "title": movies.by_item(candidate.item).label,
            "seen": candidate.seen,
            "disagreement": candidate.disagreement,
            "area": SMALLEST + (LARGEST - SMALLEST) * gain / most,
            "gain": "not weighed" if candidate.gain is None else f"{candidate.gain:+.3f}",
            "asked": place == 0,
        }
        for place, (candidate, gain) in enumerate(zip(candidates, gains, strict=True))
    ]
    middle = (min(one.seen for one in candidates) + max(one.seen for one in candidates)) / 2
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.X(
            "seen:Q",
            title="have seen it",
            scale=alt.Scale(zero=False, nice=True),
            axis=alt.Axis(format=".0%", tickCount=5, labelFontSize=14, grid=False),
        ),
        alt.Y(
            "disagreement:Q",
            title="how far they disagree",
            scale=alt.Scale(zero=False, nice=True),
            axis=alt.Axis(labels=False, ticks=False, grid=False, domain=False),
        ),
        size=alt.Size("area:Q", scale=None, legend=None),
        tooltip=[
            alt.Tooltip("title:N", title=" "),
            alt.Tooltip("seen:Q", title="have seen it", format=".0%"),
            alt.Tooltip("disagreement:Q", title="entropy of their stars", format=".2f"),
            alt.Tooltip("gain:N", title="expected gain"),
        ],
    )
    asked = alt.datum.asked
    name = base.transform_filter(asked).mark_text(
        align=alt.ExprRef(f"datum.seen > {middle} ? 'right' : 'left'"),
        dx=alt.ExprRef(f"(datum.seen > {middle} ? -1 : 1) * (sqrt(datum.area) / 2 + 8)"),
        fontWeight=700,
        color=ink.text,
        limit=alt.ExprRef("width * 0.55"),
    )
    chart = alt.layer(
        base.transform_filter(~asked).mark_circle(color=ink.quiet, opacity=0.45),
        base.transform_filter(asked).mark_circle(color=ink.accent, opacity=1, stroke=ink.text, strokeWidth=2),
        name.encode(text="title:N", size=alt.value(18)),
    )
    chart = chart.properties(height=HEIGHT).configure_axis(titleColor=ink.quiet, titleFontSize=14)
    st.altair_chart(chart, width="stretch", key=key)
