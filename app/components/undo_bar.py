"""What was rated a moment ago, and the way back: a bar at the foot of every view, where a thumb is, that moves nothing on the page."""

from __future__ import annotations

import streamlit as st

from app import movies, session, visitor
from app.components.text import isolated


def render(place: str) -> None:
    """Draw it as long as the visitor stays at the place (view and model) where they gave the rating."""
    rated = session.last_rated(place)
    movie = None if rated is None else movies.by_id(rated[0])
    if rated is None or movie is None:
        return
    title, stars = isolated(movie.title), rated[1]
    with st.container(key="undo_bar", horizontal=True, vertical_alignment="center"):
        st.markdown(f"Stars taken from {title}" if stars is None else f"**{stars:g} ★** for {title}")
        st.button("Undo", key="undo_rating", on_click=visitor.undo, type="tertiary", icon=":material/undo:")
