"""The model switch: every model that answers, in one line above every page; each in the colour and shape of its block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from app.theme import BLOCK_CLIPS, BLOCK_COLOURS
from recommender.models.base import ModelCard

KEY = "model_switch"
FRONTEND = Path(__file__).with_name("frontend")
FAMILIES = (
    "classic",
    "autoencoder",
    "side_information",
    "interaction",
    "multi_objective",
    "online",
    "sequential",
    "generative",
)
"""From left to right, as the field grew; families that are not named here come last."""

_switch = st.components.v2.component(
    "marquee_model_switch",
    html='<div class="switch" role="radiogroup" aria-label="Model"></div>',
    css=(FRONTEND / "model_switch.css").read_text(encoding="utf-8"),
    js=(FRONTEND / "model_switch.js").read_text(encoding="utf-8"),
)


def place(card: ModelCard) -> tuple[int, str, int, str]:
    """What models are sorted by: family by family, the oldest paper of each first."""
    family = FAMILIES.index(card.family) if card.family in FAMILIES else len(FAMILIES)
    return family, card.family, card.paper.year, card.name


def model_switch(
    cards: Sequence[ModelCard], chosen: str, choose: Callable[[str], None], most_different: Callable[[str], str]
) -> None:
    """Draw the switch. `choose` is called with a slug when the visitor picks a model, before the page is drawn.

    "Surprise me" picks the model that `most_different` names for the chosen one.
    """

    def picked() -> None:
        slug = st.session_state[KEY].picked
        if slug is not None:
            choose(str(slug))

    def surprised() -> None:
        choose(most_different(chosen))

    models = [
        {
            "slug": card.slug,
            "name": card.name,
            "family": card.family.replace("_", " "),
            "block": card.block.value,
            "colour": BLOCK_COLOURS[card.block],
            "clip": BLOCK_CLIPS[card.block],
            "sentence": card.sentence,
        }
        for card in sorted(cards, key=place)
    ]
    _switch(
        key=KEY,
        data={"models": models, "chosen": chosen},
        on_picked_change=picked,
        on_surprise_change=surprised,
    )
