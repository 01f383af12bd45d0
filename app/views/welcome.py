"""Welcome: what For you shows to somebody new. Three ratings, or a borrowed taste, and the room knows them a little."""

from __future__ import annotations

import streamlit as st

from app import exposure, first_set, visitor
from app.components import persona_cards
from app.components.poster_grid import Card, poster_grid
from recommender.serving.answers import Person

ENOUGH = 3
"""Ratings after which the list is the visitor's own."""
ASKED = 12
"""Movies on the page at once."""
MANY = {3: "three movies", 2: "two more", 1: "one more"}


def render(person: Person) -> None:
    """Ask for stars; the movie just rated makes room for the next."""
    count = len(person.items)
    st.title("Which of these have you seen?", anchor=False)
    st.markdown(
        f"Rate **{MANY[ENOUGH - count]}**, and every model starts to guess what you would like. "
        "Not seen it? Say so, and another one comes."
    )
    st.progress(count / ENOUGH, text=f"{count} of {ENOUGH}")
    asked = first_set.on_page(person, visitor.skipped(), ASKED)
    if not asked:
        st.info("That was all that most people know. Find others under Browse.", icon=":material/search:")
    exposure.react(poster_grid([Card.of(movie, skippable=True) for movie in asked], key="first_set"))
    persona_cards.render("Or be somebody else for a while")
