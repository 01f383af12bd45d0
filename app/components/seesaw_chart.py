"""The seesaw: what each goal wins or loses when a network is shared, a point and its interval for every model, about a line at zero."""

from __future__ import annotations

from typing import Any

import altair as alt
import streamlit as st

from app.objective_trials import Objectives
from app.theme import Inks

COLOURS = ("#f5b83d", "#4c8dff", "#3fbf8f", "#e0699f", "#a98bff", "#f28c28")
"""Of models, in their order; more than these begin again."""
ROW_HEIGHT, LEAST_HEIGHT = 22, 48
"""Of a model, and of a goal at least."""
NAMES = {"watch": "Watch", "like": "Like", "love": "Love", "soon": "Keep going"}


def colours(found: Objectives) -> alt.Color:
    """The same for each model in every chart."""
    names = list(found.names.values())
    return alt.Color(
        "model:N",
        scale=alt.Scale(domain=names, range=[COLOURS[at % len(COLOURS)] for at in range(len(names))]),
        legend=alt.Legend(
            title=None,
            orient="top",
            labelFontSize=14,
            symbolType="circle",
            symbolSize=160,
            symbolOpacity=1,
            columns=2,
            labelLimit=0,
        ),
    )


def render(found: Objectives, *, ink: Inks) -> None:
    """Draw it."""
    rows: list[dict[str, Any]] = [
        {
            "task": NAMES[task],
            "model": found.names[slug],
            "value": metric.value,
            "low": metric.low,
            "high": metric.high,
            "label": "▼" if found.loses(slug, task) else "",
            "told": f"{metric.value:+.3f} ({metric.low:+.3f} to {metric.high:+.3f}), {metric.n} people",
        }
        for slug, tasks in found.seesaw.items()
        for task, metric in tasks.items()
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y(
            "task:N",
            sort=list(NAMES.values()),
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelFontSize=15, labelFontWeight=600, labelColor=ink.text),
        ),
        yOffset=alt.YOffset("model:N", sort=list(found.names.values()), scale=alt.Scale(paddingOuter=0.6)),
        color=colours(found),
        tooltip=[
            alt.Tooltip("model:N", title=" "),
            alt.Tooltip("task:N", title="goal"),
            alt.Tooltip("told:N", title="AUC, shared less alone"),
        ],
    )
    across = alt.X(
        "low:Q",
        title="AUC, shared less alone · ▼ loses",
        axis=alt.Axis(tickCount=5, format="+.3f", labelFontSize=13),
    )
    zero = alt.Chart(alt.InlineData(values=[{"x": 0}])).mark_rule(color=ink.text, strokeWidth=2).encode(x="x:Q")
    chart = alt.layer(
        zero,
        base.mark_rule(strokeWidth=5, opacity=0.5, strokeCap="round").encode(x=across, x2="high:Q"),
        base.mark_circle(size=150, opacity=1).encode(x="value:Q"),
        base.mark_text(align="right", dx=-8, fontSize=13, fontWeight=600).encode(
            x="low:Q", text="label:N", color=alt.value(ink.text)
        ),
    ).configure_axis(titleColor=ink.quiet, titleFontSize=13)
    height = max(ROW_HEIGHT * len(found.seesaw), LEAST_HEIGHT) * len(NAMES) + 90
    st.altair_chart(chart.properties(height=height), width="stretch", key="seesaw")
