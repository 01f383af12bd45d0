"""How likely each place of a list is to be looked at beside the first: a line per estimate, a band or a bar for its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt
import streamlit as st

from app.theme import Inks

HEIGHT = 420


class Point(NamedTuple):
    """One place, or a stretch of them."""

    first: int
    last: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def name(self) -> str:
        """For people."""
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


class Line(NamedTuple):
    """One estimate of the curve."""

    name: str
    points: Sequence[Point]
    dashed: bool = False
    """For what is not estimated."""


def render(lines: Sequence[Line], *, ink: Inks, key: str) -> None:
    """Draw it: the first line in the colour of the bulb, at most two others beside it."""
    rows = _rows(lines)
    base = alt.Chart(alt.InlineData(values=rows))
    across = alt.X(
        "place:Q",
        title="place on the list",
        scale=alt.Scale(domain=[0.5, max(row["last"] for row in rows) + 0.5], nice=False),
        axis=alt.Axis(
            values=sorted({row["place"] for row in rows if row["ticked"]}),
            format="d",
            grid=False,
            ticks=False,
            labelFontSize=15,
            labelPadding=8,
            labelExpr=_names(lines),
        ),
    )
    up = alt.Y(
        "value:Q",
        title="looked at, beside the first",
        scale=alt.Scale(domain=[0, max(1.0, *(row["high"] for row in rows))], nice=True),
        axis=alt.Axis(tickCount=5, labelFontSize=15, domain=False, ticks=False, format=".0%"),
    )
    colour = alt.Color(
        "name:N",
        scale=alt.Scale(domain=[line.name for line in lines], range=[ink.accent, ink.text, "#4c8dff"][: len(lines)]),
        legend=alt.Legend(
            title=None,
            orient="bottom",
            direction="vertical",
            labelFontSize=14,
            labelLimit=0,
            labelColor=ink.text,
            symbolType="stroke",
            symbolOpacity=1,
            symbolStrokeWidth=4,
            symbolSize=300,
        ),
    )
    drawn = base.mark_line(strokeWidth=4, point=alt.OverlayMarkDef(size=110, opacity=1)).encode(
        across,
        up,
        color=colour,
        detail="name:N",
        strokeDash=alt.condition(alt.datum.dashed, alt.value([8, 6]), alt.value([1, 0])),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("where:N", title="place"),
            alt.Tooltip("told:N", title="looked at"),
        ],
    )
    interval = base.transform_filter(alt.datum.sure == 0).mark_rule(strokeWidth=10, opacity=0.3, strokeCap="round")
    bars = interval.encode(across, alt.Y("low:Q"), alt.Y2("high:Q"), color=colour, detail="name:N")
    chart = alt.layer(bars, drawn).properties(height=HEIGHT)
    st.altair_chart(chart.configure_axis(titleColor=ink.quiet, titleFontSize=14), width="stretch", key=key)


def _rows(lines: Sequence[Line]) -> list[dict[str, Any]]:
    widest = max(len(line.points) for line in lines)
    return [
        {
            "name": line.name,
            "dashed": line.dashed,
            "place": (point.first + point.last) / 2,
            "last": point.last,
            "where": point.name,
            "ticked": widest <= 8 or point.first in (1, 2, 3, 5, 10, 15, 20),
            "value": point.value,
            "low": point.low,
            "high": point.high,
            "sure": int(point.low == point.high),
            "told": f"{point.value:.1%}"
            + ("" if point.low == point.high else f" ({point.low:.1%} to {point.high:.1%})"),
        }
        for line in lines
        for point in line.points
        if point.value is not None
    ]


def _names(lines: Sequence[Line]) -> str:
    """The axis' labels as a Vega expression: stretches by both their ends."""
    names = {(point.first + point.last) / 2: f"{point.first}–{point.last}" for point in lines[0].points}
    wide = [
        f"datum.value == {place:g} ? '{name}'"
        for place, name in names.items()
        if name.split("–")[0] != name.split("–")[1]
    ]
    return " : ".join([*wide, "datum.label"])
