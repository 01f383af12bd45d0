"""Ratings by two measures, as bars side by side: how far each moved a score, and how strongly the model looked at it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import movies
from app.components.text import markup
from app.theme import BLOCK_COLOURS
from recommender.models.base import ModelCard
from recommender.serving.answers import Person
from recommender.serving.explanations import Weighed, Weighing

SHOWN = 8
"""Ratings that are drawn: those that matter most by either measure."""


def render(card: ModelCard, person: Person, weighing: Weighing) -> None:
    """Draw the table: what pushed the movie up most stands first."""
    st.html(table(card, person, weighing))


def strongest(weighing: Weighing) -> list[Weighed]:
    """The ratings that weigh most by either measure, the one that helped most first."""
    moved, looked = _largest(weighing, "effect"), _largest(weighing, "looked")
    by_either = sorted(weighing.ratings, key=lambda one: -max(abs(one.effect) / moved, abs(one.looked) / looked))
    return sorted(by_either[:SHOWN], key=lambda one: (-one.effect, -one.looked))


def table(card: ModelCard, person: Person, weighing: Weighing) -> str:
    """The bars as HTML."""
    stars = dict(zip(person.items.tolist(), person.ratings.tolist(), strict=True))
    shown = strongest(weighing)
    effects, looks = [one.effect for one in shown], [one.looked for one in shown]
    figures = [share(look) for look in looks] if weighing.share else _figures(looks)
    read = [figure if look else "not read" for figure, look in zip(figures, looks, strict=True)]
    moved, looked = _bars(effects, _figures(effects)), _bars(looks, read)
    rows = "".join(
        f'<tr><th scope="row"><bdi>{markup(movies.by_item(one.item).title)}</bdi> <small>{stars[one.item]:g} ★</small></th>'
        f'<td class="moved">{first}</td><td class="looked">{second}</td></tr>'
        for one, first, second in zip(shown, moved, looked, strict=True)
    )
    return (
        f'<table class="weighed" style="--model:{BLOCK_COLOURS[card.block]}"><thead><tr><th scope="col">Your rating</th>'
        f'<th scope="col">moved the score</th><th scope="col">was looked at</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def signed(value: float, digits: int = 2) -> str:
    """A figure with its sign; nothing is just 0."""
    return f"{value:+.{digits}f}".replace("-", "−") if round(value, digits) else "0"


def share(value: float) -> str:
    """A share of all attention."""
    return f"{100 * value:.0f} %" if value >= 0.005 else "< 1 %"


def _figures(values: Sequence[float]) -> list[str]:
    """With as many digits as tell small values apart."""
    digits = 2 if max(map(abs, values), default=0.0) >= 0.1 else 3
    return [signed(value, digits) for value in values]


def _bars(values: Sequence[float], figures: Sequence[str]) -> list[str]:
    """A bar from the common zero for each value, and its figure beside it."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    scale = 100 / ((high - low) or 1.0)
    zero = -low * scale
    bars = [f'<i style="left:{zero + min(0.0, one) * scale:.1f}%;width:{abs(one) * scale:.1f}%"></i>' for one in values]
    return [
        f'<span class="track">{bar if one else ""}<s style="left:{zero:.1f}%"></s></span><b>{figure}</b>'
        for one, bar, figure in zip(values, bars, figures, strict=True)
    ]


def _largest(weighing: Weighing, measure: str) -> float:
    return max((abs(getattr(one, measure)) for one in weighing.ratings), default=0.0) or 1.0
