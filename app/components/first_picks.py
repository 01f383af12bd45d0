"""All at once: every model's first pick side by side, and how far the models agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from app import movies
from app.components.text import markup
from app.resources import house
from app.theme import BLOCK_COLOURS
from recommender.models.base import ModelCard
from recommender.serving.answers import Answer


def render(cards: Sequence[ModelCard], answers: Mapping[str, Answer]) -> None:
    """One small poster per model; it grows by itself as models are added."""
    agreement = house().engine.agreement(dict(answers))
    agree = f" · the models agree on {agreement:.0%} of twenty" if len(answers) > 1 else ""
    picks = "".join(
        pick(card, answers[card.slug]) for card in cards if card.slug in answers and len(answers[card.slug].items)
    )
    st.html(f'<h2 class="picks-title">Everyone’s first pick{agree}</h2><div class="picks" role="list">{picks}</div>')


def pick(card: ModelCard, answer: Answer) -> str:
    """One model's first pick as HTML: poster, a line in the colour of the model's block, the model's name."""
    movie = movies.by_item(int(answer.items[0]))
    address = f"/movie?movie={movie.movie_id}&model={card.slug}"
    return (
        f'<a class="pick" role="listitem" href="{address}" aria-label="{markup(card.name)}: {markup(movie.label)}">'
        f'<img src="/poster/{movie.movie_id}.svg" alt="" loading="lazy" style="border-color:{BLOCK_COLOURS[card.block]}">'
        f"<span>{markup(card.name)}</span></a>"
    )
