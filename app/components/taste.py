"""A person's taste in two small charts: how they give stars, and what they think of the genres they watch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt
import streamlit as st

from app import theme

GENRES = 8
HEIGHT = 220
HALVES = [half / 2 for half in range(1, 11)]


class Opinion(NamedTuple):
    """What a person thinks of one genre."""

    genre: str
    ratings: int
    mean: float


def opinions(rated: Sequence[tuple[float, Sequence[str]]]) -> list[Opinion]:
    """The genres that were rated most, each with its number of ratings and mean stars, best liked first."""
    stars: defaultdict[str, list[float]] = defaultdict(list)
    for value, genres in rated:
        for genre in genres:
            stars[genre].append(value)
    most = sorted(stars, key=lambda genre: (-len(stars[genre]), genre))[:GENRES]
    known = [Opinion(genre, len(stars[genre]), sum(stars[genre]) / len(stars[genre])) for genre in most]
    return sorted(known, key=lambda opinion: (-opinion.mean, -opinion.ratings))


def render(rated: Sequence[tuple[float, Sequence[str]]]) -> None:
    """Draw both; `rated` holds stars and genres of each movie. The genres are left out where none are known."""
    ink = theme.inks()
    left, right = st.columns(2, gap="large")
    counts = Counter(value for value, _ in rated)
    bars: list[dict[str, Any]] = [{"stars": f"{value:g}", "ratings": counts[value]} for value in HALVES]
    with left:
        st.subheader("How you give stars", anchor=False)
        chart = (
            alt.Chart(alt.InlineData(values=bars))
            .mark_bar(color=ink.accent, cornerRadiusEnd=4)
            .encode(
                x=alt.X("stars:N", sort=[row["stars"] for row in bars], title=None, axis=axis(ink.quiet, labelAngle=0)),
                y=alt.Y("ratings:Q", title=None, axis=axis(ink.quiet, grid=True, gridColor=ink.line, tickMinStep=1)),
                tooltip=[alt.Tooltip("stars:N"), alt.Tooltip("ratings:Q")],
            )
        )
        st.altair_chart(chart.properties(height=HEIGHT), width="stretch", key="taste_stars")
    known = opinions(rated)
    if not known:
        return
    rows = [{"genre": one.genre, "ratings": one.ratings, "mean": round(one.mean, 2)} for one in known]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("genre:N", sort=[one.genre for one in known], title=None, axis=axis(ink.text, labelLimit=120)),
        x=alt.X(
            "mean:Q",
            title=None,
            scale=alt.Scale(domain=[0.5, 5.4]),
            axis=axis(ink.quiet, grid=True, gridColor=ink.line, values=[1, 2, 3, 4, 5]),
        ),
        tooltip=[alt.Tooltip("genre:N"), alt.Tooltip("ratings:Q"), alt.Tooltip("mean:Q", title="mean stars")],
    )
    with right:
        st.subheader("What you think of genres", anchor=False)
        dots = base.mark_circle(color=ink.accent, opacity=1).encode(
            size=alt.Size("ratings:Q", legend=None, scale=alt.Scale(range=[60, 420]))
        )
        figures = base.mark_text(align="left", dx=14, fontSize=12, color=ink.quiet).encode(
            text=alt.Text("mean:Q", format=".1f")
        )
        st.altair_chart((dots + figures).properties(height=HEIGHT), width="stretch", key="taste_genres")


def axis(colour: str, **more: Any) -> alt.Axis:
    """An axis of words only: no line, no ticks."""
    settings: dict[str, Any] = {"domain": False, "ticks": False, "grid": False, "labelFontSize": 13} | more
    return alt.Axis(labelColor=colour, **settings)
