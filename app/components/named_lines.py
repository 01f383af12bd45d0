"""Lines over a few uneven steps: some thick with their 95 % interval and their name at the end, all others thin and grey until pointed at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt
import streamlit as st

from app.components.leaderboard import decimal
from app.theme import Inks
from app.workshop import Metric

HEIGHT = 420
APART = 0.062
"""Least distance of two names at the ends of lines, as a share of the axis."""
LINES = "max(0.66 * width, width - 190)"
"""Width of the part with the lines, as a Vega expression in pixels: the rest is for names, on a phone too."""
PHONE = "width < 480"


@dataclass(frozen=True, eq=False)
class Line:
    """One course."""

    name: str
    colour: str
    points: Mapping[int, Metric]
    """By step."""
    thick: bool = False
    chosen: bool = False
    """Drawn thickest."""
    dashed: bool = False
    """What the others are held against; it has no band."""


@dataclass(frozen=True)
class Mark:
    """An upright line that says where something stands on the axis."""

    at: float
    name: str


def place(steps: Sequence[int], value: float) -> float:
    """Where a value lies on an axis on which the steps stand at equal distances; beyond the last it stays there."""
    if value >= steps[-1]:
        return float(len(steps) - 1)
    for number, (low, high) in enumerate(pairwise(steps)):
        if value < high:
            return number + max(0.0, value - low) / (high - low)
    return 0.0


def ends(lines: Sequence[Line], reach: float) -> list[tuple[Line, float]]:
    """The lines that find room for their name, and at which height it stands: the thick ones always, pushed apart; of the others those that fit."""
    last = {line: line.points[max(line.points)].value for line in lines if line.points}
    apart = APART * reach
    placed: list[tuple[Line, float]] = []
    for line in sorted((line for line in last if line.thick), key=lambda line: last[line]):
        below = placed[-1][1] + apart if placed else -1.0
        placed.append((line, max(last[line], below)))
    for line in sorted((line for line in last if not line.thick), key=lambda line: -last[line]):
        if all(abs(height - last[line]) >= apart for _, height in placed):
            placed.append((line, last[line]))
    return placed


def render(
    lines: Sequence[Line], steps: Sequence[int], marks: Sequence[Mark], *, x: str, y: str, ink: Inks, key: str
) -> None:
    """Draw it. `x` and `y` are the axes' titles."""
    reach = max((metric.high for line in lines for metric in line.points.values()), default=1.0)
    base = alt.Chart(alt.InlineData(values=_rows(lines, steps)))
    labels = "[" + ",".join(f"'{step}'" for step in steps) + "][datum.value]"
    across = alt.X(
        "place:Q",
        title=x,
        scale=alt.Scale(domain=[0, len(steps) - 1], nice=False, range=[0, alt.ExprRef(LINES)]),
        axis=alt.Axis(
            values=list(range(len(steps))), labelExpr=labels, labelFontSize=15, grid=False, ticks=False, labelPadding=8
        ),
    )
    up = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, reach], nice=True),
        axis=alt.Axis(tickCount=5, labelFontSize=14, domain=False, ticks=False, format=".2f"),
    )
    pointed = alt.selection_point(
        name=f"pointed_{key}", fields=["name"], on="pointerover", clear="pointerout", empty=False
    )
    told = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("step:N", title=x),
        alt.Tooltip("told:N", title=y),
    ]
    colour = alt.Color("colour:N", scale=None)
    thick, thin = alt.datum.thick, ~alt.datum.thick
    lit = alt.when(pointed).then(colour).otherwise(alt.value(ink.quiet))
    layers = [
        base.transform_filter(thick & ~alt.datum.dashed)
        .mark_area(opacity=0.13, interpolate="monotone")
        .encode(across, alt.Y("low:Q", title=None), alt.Y2("high:Q"), color=colour, detail="name:N"),
        base.transform_filter(thin)
        .mark_line(interpolate="monotone")
        .encode(
            across,
            up,
            detail="name:N",
            color=lit,
            opacity=alt.when(pointed).then(alt.value(1)).otherwise(alt.value(0.5)),
            strokeWidth=alt.when(pointed).then(alt.value(4)).otherwise(alt.value(1.5)),
        ),
        base.transform_filter(thick)
        .mark_line(interpolate="monotone")
        .encode(
            across,
            up,
            detail="name:N",
            color=colour,
            strokeDash=alt.when(alt.datum.dashed).then(alt.value([10, 6])).otherwise(alt.value([1, 0])),
            strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None),
        ),
        base.transform_filter(thick).mark_circle(size=110, opacity=1).encode(across, up, color=colour, tooltip=told),
        base.transform_filter(thin)
        .mark_circle(size=150, opacity=0.001)
        .encode(across, up, tooltip=told)
        .add_params(pointed),
        *_names(lines, steps, reach, ink),
        *_marks(marks, reach, ink),
    ]
    chart = alt.layer(*layers).properties(height=HEIGHT).configure_axis(titleColor=ink.quiet, titleFontSize=14)
    st.altair_chart(chart, width="stretch", key=key)


def _rows(lines: Sequence[Line], steps: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {
            "name": line.name,
            "colour": line.colour,
            "thick": line.thick,
            "dashed": line.dashed,
            "width": 6 if line.chosen else 3.5,
            "place": place(steps, step),
            "step": str(step),
            "value": metric.value,
            "low": metric.low,
            "high": metric.high,
            "told": f"{decimal(metric.value)} ({decimal(metric.low)} to {decimal(metric.high)}, {metric.n:,} people)",
        }
        for line in lines
        for step, metric in line.points.items()
    ]


def _names(lines: Sequence[Line], steps: Sequence[int], reach: float, ink: Inks) -> list[alt.Chart]:
    rows = [
        {"name": line.name, "place": place(steps, max(line.points)), "value": height, "thick": line.thick}
        for line, height in ends(lines, reach)
    ]
    names = alt.Chart(alt.InlineData(values=rows)).encode(alt.X("place:Q"), alt.Y("value:Q"), text="name:N")
    room = alt.ExprRef(f"width - {LINES} + 8")
    return [
        names.transform_filter(alt.datum.thick).mark_text(
            align="left", dx=12, fontSize=alt.ExprRef(f"{PHONE} ? 14 : 18"), fontWeight=700, color=ink.text, limit=room
        ),
        names.transform_filter(~alt.datum.thick).mark_text(
            align="left", dx=12, fontSize=alt.ExprRef(f"{PHONE} ? 12 : 14"), color=ink.quiet, limit=room
        ),
    ]


def _marks(marks: Sequence[Mark], reach: float, ink: Inks) -> list[alt.Chart]:
    rows = [{"place": mark.at, "name": mark.name, "top": reach, "line": line} for line, mark in enumerate(marks)]
    upright = alt.Chart(alt.InlineData(values=rows)).encode(alt.X("place:Q"))
    return [
        upright.mark_rule(color=ink.accent, strokeWidth=2.5, strokeDash=[2, 4]),
        upright.mark_text(
            align=alt.ExprRef("datum.place > 3 ? 'right' : 'left'"),
            dx=alt.ExprRef("datum.place > 3 ? -8 : 8"),
            dy=alt.ExprRef("22 * datum.line"),  # each on a line of its own: on a phone they stand close
            baseline="top",
            fontSize=16,
            fontWeight=700,
            color=ink.text,
        ).encode(alt.Y("top:Q"), text="name:N"),
    ]
