"""Who would like a new movie most, in one model's eyes: a small row for each typical person, and what speaks for it with them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from app.components.text import markup
from app.theme import BLOCK_COLOURS
from recommender.models.base import ModelCard


@dataclass(frozen=True)
class Guest:
    """One person."""

    name: str
    note: str
    """What they like, and for how many they stand."""
    rank: int
    because: tuple[str, ...]
    """Titles that speak for it with them."""


def render(card: ModelCard, guests: Sequence[Guest], n_items: int) -> None:
    """Draw them in the order given."""
    st.html(table(card, guests, n_items))


def table(card: ModelCard, guests: Sequence[Guest], n_items: int) -> str:
    """The rows as HTML; the dot's place is the logarithm of the rank."""
    rows = ""
    for guest in guests:
        place = 100 * math.log(guest.rank) / math.log(max(n_items, 2))
        why = ", ".join(f"<bdi>{markup(title)}</bdi>" for title in guest.because)
        rows += (
            f"<li><b>{markup(guest.name)}</b><small>{markup(guest.note)}</small>"
            f'<span class="line"><i style="left:{place:.1f}%"></i></span><strong>{guest.rank:,}</strong>'
            + (f"<em>because of {why}</em>" if why else "")
            + "</li>"
        )
    return (
        f'<ol class="audience" style="--model:{BLOCK_COLOURS[card.block]}" '
        f'aria-label="Ranks by {markup(card.name)}">{rows}</ol>'
    )
