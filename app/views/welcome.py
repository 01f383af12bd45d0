"""Welcome: what For you shows to somebody new. Three ratings, and the room knows them a little."""

from __future__ import annotations

import streamlit as st

from app import exposure, first_set, visitor
from app.components.poster_grid import Card, poster_grid
from recommender.serving.answers import Person

ENOUGH = 3
"""Ratings after which the list is the visitor's own."""
ASKED = 12
"""Movies on the page at once."""


def render(person: Person) -> None:
    """Ask for stars; the movie just rated makes room for the next."""
    missing = ENOUGH - len(person.items)
    st.title("Which of these have you seen?", anchor=False)
    many = {3: "three movies", 2: "two more", 1: "one more"}[missing]
    st.markdown(
        f"Rate **{many}**, and every model starts to guess what you would like. Not seen it? Say so, and another one comes."
    )
    st.progress(len(person.items) / ENOUGH, text=f"{len(person.items)} of {ENOUGH}")
    without = {*visitor.stars(), *visitor.skipped()}
    asked = first_set.next_movies(ASKED, without)
    exposure.react(poster_grid([Card.of(movie, skippable=True) for movie in asked], key="first_set"))
