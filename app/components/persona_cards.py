"""Tastes to borrow, a card each: for a room without volunteers, and for whoever wants to see their lists change at once."""

from __future__ import annotations

import streamlit as st

from app import account, personas
from app.components.text import isolated
from app.personas import Cast
from db.base import now
from db.ratings import Entry

LOVES = 3
"""Titles on a card."""


def render(heading: str) -> None:
    """The cards below a heading; nothing for a catalogue that can play no persona."""
    casts = personas.casts()
    if not casts:
        return
    st.subheader(heading, anchor=False)
    st.markdown("A persona adds its ratings to **your** list. One undo under My ratings takes them out again.")
    with st.container(horizontal=True, key="personas"):
        for cast in casts:
            with st.container(border=True, width=272, height="stretch", key=f"persona_{key(cast)}"):
                st.markdown(f"**{cast.persona.name}**  \n{cast.persona.sentence}")
                st.caption("Loves " + ", ".join(isolated(movie.title) for movie, _ in cast.ratings[:LOVES]))
                st.button(
                    f"Be the {cast.persona.name}", key=f"be_{key(cast)}", on_click=become, args=(cast,), width="stretch"
                )


def key(cast: Cast) -> str:
    """The persona's name as part of a widget's key."""
    return cast.persona.name.lower().replace(" ", "_").replace("-", "_")


def become(cast: Cast) -> None:
    """Store the persona's ratings as one import, the most loved last, as the freshest."""
    moment = now()
    ordered = [*reversed(cast.ratings)]
    account.bring_in(
        [Entry(movie.movie_id, stars, moment - len(ordered) + place) for place, (movie, stars) in enumerate(ordered)]
    )
    st.toast(
        f"You are the {cast.persona.name} now: {len(ordered)} ratings are in your list. My ratings undoes it.",
        icon=":material/theater_comedy:",
    )
