"""The time machine: a slider over one's own history; at each step the list as it would have been, and what one really rated next.

All steps go to the browser at once: moving the slider and playing ask the server for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from app import movies, theme
from app.components.text import isolated, plain
from recommender.models.base import ModelCard
from recommender.serving.answers import Person, Served
from recommender.serving.replay import Moment

FRONTEND = Path(__file__).with_name("frontend")
FEWEST = 3
"""Ratings with which a history is worth winding back."""
SHOWN = 10
"""Movies of each step's list."""
FIRST = 100
"""A next movie within the first so many counts as seen coming."""

_machine = st.components.v2.component(
    "marquee_time_machine",
    html='<section class="machine" aria-label="Time machine"></section>',
    css=(FRONTEND / "time_machine.css").read_text(encoding="utf-8"),
    js=(FRONTEND / "time_machine.js").read_text(encoding="utf-8"),
)


def render(served: Served, person: Person, moments: Sequence[Moment]) -> int | None:
    """Draw heading, sentence and machine. Returns the movie_id that was just clicked."""
    st.subheader("Time machine", anchor=False)
    st.markdown(sentence(served.card, person, moments))
    opened = _machine(key="time_machine", data=data(served.card, person, moments), on_opened_change=lambda: None).opened
    st.caption(small_print(served, person, moments))
    return None if opened is None else int(opened)


def own(moments: Sequence[Moment]) -> list[tuple[int, Moment]]:
    """The ranks that the model itself gave to what came next, each with its moment."""
    return [(moment.rank, moment) for moment in moments if moment.rank is not None and moment.fallback is None]


def sentence(card: ModelCard, person: Person, moments: Sequence[Moment]) -> str:
    """How often the model saw one's next movie coming, and when it did best, as Markdown."""
    called = own(moments)
    if not called:
        reason = next((moment.fallback for moment in reversed(moments) if moment.fallback), None)
        return f"{plain(card.name)} has shown you popularity so far{f': {plain(reason)}' if reason else ''}."
    near = sum(rank <= FIRST for rank, _ in called)
    rank, best = min(called, key=lambda pair: (pair[0], pair[1].known))
    return (
        f"{plain(card.name)} put **{near} of {len(called)}** of your next movies into its first {FIRST}; best call: "
        f"{title(best.following)} at rank **{rank:,}**, when you had just rated {title(int(person.items[best.known - 1]))}."
    )


def title(item: int | None) -> str:
    """A movie's title as Markdown."""
    return "" if item is None else isolated(movies.by_item(item).title)


def small_print(served: Served, person: Person, moments: Sequence[Moment]) -> str:
    """What is wound back and what is not, as Markdown."""
    parts = [f"{plain(served.card.name)} is the one that answers today; only what it knows of you is wound back."]
    if served.card.personal and served.manifest is not None:
        trained = served.manifest.created.astimezone(UTC)
        if len(person.timestamps) and datetime.fromtimestamp(int(person.timestamps.min()), UTC) < trained:
            parts.append("Ratings that were in this house when it was trained may have taught it something.")
    if moments[0].known > 1:
        parts.append(f"It goes back to your rating {moments[0].known:,} of {len(person.items):,}.")
    return " ".join(parts)


def data(card: ModelCard, person: Person, moments: Sequence[Moment]) -> dict[str, Any]:
    """All steps, with the title of every movie that occurs in them, once."""
    named: dict[int, str] = {}

    def shown(item: int) -> int:
        movie = movies.by_item(item)
        named[movie.movie_id] = movie.label
        return movie.movie_id

    steps = [
        {
            "known": moment.known,
            "rated": shown(int(person.items[moment.known - 1])),
            "stars": float(person.ratings[moment.known - 1]),
            "items": [shown(int(item)) for item in moment.items],
            "next": None if moment.following is None else shown(moment.following),
            "next_stars": None if moment.following is None else float(person.ratings[moment.known]),
            "rank": moment.rank,
            "fallback": moment.fallback,
        }
        for moment in moments
    ]
    return {
        "model": card.name,
        "colour": theme.BLOCK_COLOURS[card.block],
        "clip": theme.BLOCK_CLIPS[card.block],
        "first": FIRST,
        "total": len(person.items),
        "titles": [[movie_id, label] for movie_id, label in named.items()],
        "steps": steps,
    }
