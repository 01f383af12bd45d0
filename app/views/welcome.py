"""Welcome: what For you shows to somebody new. Three ratings, or a borrowed taste, and the room knows them a little."""

from __future__ import annotations

import streamlit as st

from app import account, exposure, first_set, personas, visitor
from app.components.poster_grid import Card, poster_grid
from app.components.text import isolated
from app.personas import Cast
from db.base import now
from db.ratings import Entry
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
    stars = visitor.stars()
    asked = first_set.next_movies(ASKED, {*stars, *visitor.skipped()})
    if not asked:
        st.info("That was all that most people know. Find others under Browse.", icon=":material/search:")
    exposure.react(poster_grid([Card.of(movie, skippable=True) for movie in asked], key="first_set"))
    offer_personas()


def offer_personas() -> None:
    """A taste to borrow, for a room without volunteers."""
    casts = personas.casts()
    if not casts:
        return
    st.subheader("Or be somebody else for a while", anchor=False)
    st.markdown("A persona fills **your** list with its ratings. One undo under My ratings takes them out again.")
    with st.container(horizontal=True, key="personas"):
        for cast in casts:
            with st.container(border=True, width=272, height="stretch", key=f"persona_{key(cast)}"):
                st.markdown(f"**{cast.persona.name}**  \n{cast.persona.sentence}")
                st.caption("Loves " + ", ".join(isolated(movie.title) for movie, stars in cast.ratings[:3]))
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
