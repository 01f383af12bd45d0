"""Weights that a rating moved: where each stood before, and where it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt
import streamlit as st

from app.theme import Inks

ROW = 58
"""Height of a weight with its name above it, in pixels."""


class Step(NamedTuple):
    """One weight."""

    name: str
    before: float
    after: float


def render(steps: Sequence[Step], *, ink: Inks, key: str) -> None:
    """Draw a line per weight, a ring where it was, a dot where it is."""
    rows = _rows(steps)
    reach = max(abs(value) for step in steps for value in step[1:])
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0.2, paddingOuter=0.3)),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("told:N", title="weight")],
    )
    across = alt.X(
        "before:Q",
        title="speaks against a movie  ◂  weight  ▸  speaks for it",
        scale=alt.Scale(domain=[-1.15 * reach, 1.15 * reach], nice=False),
        axis=alt.Axis(tickCount=5, labelFontSize=14, grid=False, ticks=False, domain=False, format="+.2~f"),
    )
    zero = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color=ink.line, strokeWidth=2).encode(x="at:Q")
    way = alt.Color("colour:N", scale=None)
    names = base.mark_text(
        align="left", baseline="middle", dy=-15, fontSize=15, color=ink.text, limit=alt.ExprRef("width - 8")
    )
    chart = alt.layer(
        zero,
        base.mark_rule(strokeWidth=5, opacity=0.65).encode(
            across, x2="after:Q", color=way, y=alt.Y("place:O", axis=None)
        ),
        base.mark_point(filled=True, color=ink.ground, stroke=ink.quiet, strokeWidth=2.5, size=130, opacity=1).encode(
            across
        ),
        base.mark_point(filled=True, size=190, opacity=1).encode(alt.X("after:Q"), color=way),
        names.encode(x=alt.value(0), text="name:N"),
    )
    chart = chart.properties(height=ROW * len(rows)).configure_axis(titleColor=ink.quiet, titleFontSize=13)
    st.altair_chart(chart, width="stretch", key=key)


def _rows(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {
            **step._asdict(),
            "place": place,
            "colour": "#f2a33a" if step.after > step.before else "#4c8dff",
            "told": f"{step.before:+.3f} → {step.after:+.3f}",
        }
        for place, step in enumerate(steps)
    ]
