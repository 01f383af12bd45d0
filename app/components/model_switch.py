"""The model switch: every model that answers, one of them chosen, above every page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.components.text import plain
from recommender.models.base import ModelCard

KEY = "model_switch"


def model_switch(cards: Sequence[ModelCard], chosen: str) -> str:
    """Draw the switch. Returns the slug that the visitor wants."""
    names = {card.slug: card.name for card in cards}
    if st.session_state.get(KEY) not in names:
        st.session_state[KEY] = chosen
    picked = st.pills("Model", list(names), format_func=lambda slug: plain(names[slug]), key=KEY, label_visibility="collapsed")
    return picked or chosen
