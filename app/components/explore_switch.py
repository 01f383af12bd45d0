"""The switch "Explore": some places of the list are left to curiosity, and the visitor chooses to whose."""

from __future__ import annotations

import streamlit as st

from app import exploration
from app.exploration import DEFAULT, FIRST, NAMES, Explored, places
from recommender.serving.answers import Person

KEY, POLICY = "explore", "explore_by"
TEN = 10


def on() -> bool:
    """Whether the switch is on."""
    return bool(st.session_state.get(KEY))


def render(person: Person, slug: str, k: int) -> Explored | None:
    """Draw it. Returns the list with curiosity in it; None while the switch is off, or when the model does not answer."""
    with st.container(key="explore_bar", horizontal=True, vertical_alignment="center"):
        on = st.toggle(
            "Explore",
            key=KEY,
            bind="query-params",
            help="Some places show what the model is uncertain about instead of what it thinks best. It learns most from your stars for those.",
        )
        if not on:
            return None
        policy = st.segmented_control(
            "Curiosity of",
            list(NAMES),
            format_func=NAMES.__getitem__,
            default=DEFAULT,
            required=True,
            key=POLICY,
            label_visibility="collapsed",
            bind="query-params",
        )
        with st.spinner("Looking at what movies have in common …"):
            found = exploration.explored(person, slug, policy, k)
        if found is not None:
            st.caption(sentence(found))
    return found


def sentence(found: Explored) -> str:
    """What may be curious, what is, and how sure one can be of the chances."""
    ten = found.answer.items[:TEN].tolist()
    curious = sum(item in found.curious for item in ten)
    may = len(places(TEN))
    how = "Chances are estimates." if found.estimated else "Chances are exact."
    now = f"now **{curious}**" if curious else "now **none**, since curiosity would show you the same"
    return f"At most **{may} of the first {TEN}** are curious, never the first {FIRST}; {now}. {found.sentence} {how}"
