"""The family tree as a picture: a pill for every model, lines to its parents; drawn twice, for a wide page and for a phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from app import theme
from app.family_layout import Drawing
from app.family_tree import Member
from recommender.models.base import ModelCard

KEY = "family_tree"
FRONTEND = Path(__file__).with_name("frontend")
SMALLEST, LARGEST, UNMEASURED = 8.0, 17.0, 8.0
"""Diameters of a model's sign, pixels: the worst and the best measured, and one that is not."""

_tree = st.components.v2.component(
    "marquee_family_tree",
    html='<section class="tree" aria-label="Family tree of the models"></section>',
    css=(FRONTEND / "family_tree.css").read_text(encoding="utf-8"),
    js=(FRONTEND / "family_tree.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class State:
    """What the house knows of a model."""

    trained: bool
    quality: float | None
    """Its measured figure; None while there is none."""
    said: str
    """The figure in words."""


def family_tree(
    tree: Mapping[str, Member],
    drawings: Sequence[Drawing],
    states: Mapping[str, State],
    *,
    lit: Sequence[str] | None,
    asked: str | None,
    chosen: str,
    open_card: Callable[[str | None], None],
    switch: Callable[[str], None],
) -> None:
    """Draw it. `lit` are those that stand out, None for all; `asked` is the model whose card is open, `chosen` the one that answers.

    `open_card` is called with a slug, or None to close it, and `switch` with one, before the page is drawn.
    """

    def opened() -> None:
        slug = st.session_state[KEY].opened
        if slug is not None:
            open_card(str(slug) or None)

    def picked() -> None:
        slug = st.session_state[KEY].picked
        if slug is not None:
            switch(str(slug))

    sizes = signs(states)
    data = {
        "members": [shown(one, states, sizes) for one in tree.values()],
        "drawings": [asdict(drawing) for drawing in drawings],
        "lit": None if lit is None else sorted(lit),
        "asked": asked,
        "chosen": chosen,
    }
    _tree(key=KEY, data=data, on_opened_change=opened, on_picked_change=picked)


def signs(states: Mapping[str, State]) -> dict[str, float]:
    """Diameter of each model's sign: even steps of quality are even steps of width."""
    known = [state.quality for state in states.values() if state.quality is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)

    def size(quality: float | None) -> float:
        if quality is None:
            return UNMEASURED
        share = (quality - low) / (high - low) if high > low else 1.0
        return round(SMALLEST + share * (LARGEST - SMALLEST), 1)

    return {slug: size(state.quality) for slug, state in states.items()}


def shown(one: Member, states: Mapping[str, State], sizes: Mapping[str, float]) -> dict[str, object]:
    """One member as the browser draws it."""
    about: dict[str, object] = {"id": one.id, "name": one.name, "parents": list(one.parents)}
    if one.card is None:
        return about
    return about | model(one.card) | {"size": sizes[one.id]} | asdict(states[one.id])


def model(card: ModelCard) -> dict[str, object]:
    """What its card says."""
    return {
        "block": card.block.value,
        "colour": theme.BLOCK_COLOURS[card.block],
        "clip": theme.BLOCK_CLIPS[card.block],
        "year": card.paper.year,
        "authors": card.paper.authors,
        "sentence": card.sentence,
    }
