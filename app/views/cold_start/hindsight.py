"""A real movie as if it were new: what models say from its features alone, beside what happened."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import streamlit as st

from app import movies
from app.components import hindsight_chart
from app.components.hindsight_chart import LOVERS, OTHERS
from app.components.text import isolated, markup, plain
from app.resources import House, house
from recommender.serving.hindsight import Hindsight, Past, hindsight
from recommender.serving.premiere import Preparation

CHOICE = 400
"""The most rated movies that can be chosen: of others too few people say what happened."""


def render(getting_ready: Preparation) -> None:
    """Choose a movie, then show what was said and what happened."""
    line = st.empty()
    item = st.selectbox(
        "Which movie",
        _choice(house()),
        format_func=lambda item: movies.by_item(item).label,
        key="release_real",
    )
    if item is None:
        return
    if not getting_ready.done():
        with st.spinner("Loading the text model, once: about ten seconds …"):
            getting_ready.wait()
    with st.spinner("Asking every model about the people who loved it …"):
        past = _past(house(), item, versions())
    movie = movies.by_item(item)
    if not past.said:
        line.markdown("No model here reads what movies are, or too few people rated this one. Train one under Models.")
        return
    said = sorted(past.said, key=lambda one: -one.told_apart.value)
    line.markdown(sentence(movie.label, past, said[0]))
    picture, chart = st.columns([1, 4], gap="large")
    picture.html(f'<img class="premiere" src="/poster/{movie.movie_id}.svg" alt="Poster of {markup(movie.label)}">')
    with chart:
        hindsight_chart.render(said)
        st.caption(
            f"Full dot: {past.asked_lovers} people who {LOVERS} (four stars or more). Hollow dot: {past.asked_others} who {OTHERS}. "
            "Lines: 95 % intervals over people. The movie is taken out of everybody’s ratings first."
        )
    st.markdown("\n".join(f"- {verdict(one)}" for one in said))
    st.caption(
        "How honest is this? Nobody’s rating of the movie is read here, and the model places it as it would place any newcomer. But a model that "
        "learns what a genre or a name is worth has learnt that from ratings of this movie, too, so it is flattered a little; one that only compares texts "
        "is not. Those who loved it have also rated more movies than most. The cold-item protocol of the evaluation keeps whole movies from training."
    )


def sentence(label: str, past: Past, best: Hindsight) -> str:
    """What happened, and who saw it coming best, as Markdown."""
    apart = best.told_apart
    return (
        f"**{past.loved:,} of {past.ratings:,}** who rated {isolated(label)} loved it, **{past.mean_stars:.1f} ★** on average. From its "
        f"description alone {plain(best.card.name)} puts it higher for one who loved it than for one who never rated it in "
        f"**{100 * apart.value:.0f} %** of pairs (95 %: {100 * apart.low:.0f} to {100 * apart.high:.0f}; 50 is chance)."
    )


def verdict(one: Hindsight) -> str:
    """One model in one line of Markdown."""
    apart = one.told_apart
    how = (
        "tells them apart" if apart.low > 0.5 else "has it backwards" if apart.high < 0.5 else "cannot tell them apart"
    )
    return (
        f"**{plain(one.card.name)}** {how}: **{100 * apart.value:.0f} %** of pairs ({100 * apart.low:.0f} to {100 * apart.high:.0f}) · median rank "
        f"**{one.lovers.value:,.0f}** against {one.others.value:,.0f} · with the movie’s ratings in hand {one.with_ratings:,.0f}"
    )


def versions() -> tuple[str, ...]:
    """Tells one state of the house from another."""
    return tuple(f"{served.card.slug} {served.version}" for served in house().engine.served())


@lru_cache(maxsize=64)
def _past(rooms: House, item: int, state: tuple[str, ...]) -> Past:
    return hindsight(rooms.engine, rooms.dataset.interactions, item)


@lru_cache(maxsize=2)
def _choice(rooms: House) -> list[int]:
    counts = np.bincount(rooms.dataset.interactions.item, minlength=len(rooms.dataset.catalog))
    return [int(item) for item in np.argsort(-counts, kind="stable")[:CHOICE]]
