"""How movies rise and fall from model to model: a line each, the most disputed ones thick and named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt
import streamlit as st

NAMED = 3
APART = 0.06
"""Least distance of two names, as a share of the axis, so that they do not overprint each other."""
HEIGHT = 380
LINES = "max(0.62 * width, width - 240)"
"""Width of the part with the lines, as a Vega expression in pixels: the rest is for the names, on a phone too."""


PHONE = "width < 480"
"""Where names of models have no room side by side, as a Vega expression."""


class Slope(NamedTuple):
    """One movie's rank (from 1) by each model, in the order of the columns."""

    title: str
    ranks: tuple[int, ...]

    @property
    def dispute(self) -> float:
        """How far the models are apart: the logarithm of worst rank over best."""
        return math.log(max(self.ranks) / min(self.ranks))


def disputed(slopes: Sequence[Slope]) -> list[Slope]:
    """The movies on which the models differ most, whose names find room at the right end of their lines."""
    apart = APART * math.log(max((rank for slope in slopes for rank in slope.ranks), default=1))
    named: list[Slope] = []
    for slope in sorted(slopes, key=lambda slope: slope.dispute, reverse=True):
        if len(named) < NAMED and all(abs(math.log(slope.ranks[-1] / other.ranks[-1])) > apart for other in named):
            named.append(slope)
    return named


def render(models: Sequence[str], slopes: Sequence[Slope], *, accent: str, ink: str, quiet: str) -> None:
    """Draw the chart; ranks stand on a logarithmic axis, 1 at the top. The colours are CSS colours."""
    thick = set(disputed(slopes))
    rows: list[dict[str, Any]] = [
        {"movie": slope.title, "number": number, "model": model, "rank": rank, "thick": slope in thick}
        for number, slope in enumerate(slopes)
        for model, rank in zip(models, slope.ranks, strict=True)
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X(
            "model:N",
            sort=list(models),
            title=None,
            scale=alt.Scale(type="point", padding=0.3, range=[0, alt.ExprRef(LINES)]),
            axis=alt.Axis(
                orient="top",
                labelAngle=alt.ExprRef(f"{PHONE} ? -30 : 0"),
                labelAlign=alt.ExprRef(f"{PHONE} ? 'left' : 'center'"),
                labelFontSize=alt.ExprRef(f"{PHONE} ? 12 : 15"),
                labelFontWeight=600,
                labelOverlap=False,
                labelLimit=alt.ExprRef(f"{PHONE} ? 96 : {LINES} / {len(models)}"),
                labelColor=ink,
                domain=False,
                ticks=False,
            ),
        ),
        y=alt.Y(
            "rank:Q",
            scale=alt.Scale(type="log", reverse=True, nice=False),
            title=None,
            axis=alt.Axis(
                values=[1, 3, 10, 30, 100, 300, 1000, 3000, 10000],
                format=",",
                labelFontSize=13,
                domain=False,
                ticks=False,
            ),
        ),
        detail="number:N",
        tooltip=[alt.Tooltip("movie:N"), alt.Tooltip("model:N"), alt.Tooltip("rank:Q", format=",")],
    )
    strong = alt.datum.thick
    chart = alt.layer(
        base.transform_filter(~strong).mark_line(strokeWidth=1.5, opacity=0.55, color=quiet),
        base.transform_filter(~strong).mark_circle(size=36, opacity=0.7, color=quiet),
        base.transform_filter(strong).mark_line(strokeWidth=4, color=accent),
        base.transform_filter(strong).mark_circle(size=120, opacity=1, color=accent),
        base.transform_filter(strong & (alt.datum.model == models[-1]))
        .mark_text(
            align="left", dx=12, fontSize=14, fontWeight=600, color=ink, limit=alt.ExprRef(f"width - {LINES} + 16")
        )
        .encode(text="movie:N"),
    )
    st.altair_chart(chart.properties(height=HEIGHT), width="stretch", key="rank_slopes")
