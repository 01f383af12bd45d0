"""Strips of small posters that lead to their movies, such as those that read like another one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import bridge, movies
from app.components.text import markup
from app.movies import Movie
from app.resources import house
from db.releases import Draft
from recommender.serving import premiere

NEAREST = 12


def strip(found: Sequence[Movie], name: str, slug: str | None = None, colour: str | None = None) -> str:
    """The posters as HTML; `slug` is the model that the movies' pages then show, `colour` an edge in its colour."""
    model = f"&model={slug}" if slug else ""
    edge = f' style="border-color:{colour}"' if colour else ' style="border-color:transparent"'
    posters = "".join(
        f'<a class="pick" role="listitem" href="/movie?movie={movie.movie_id}{model}" aria-label="{markup(movie.label)}">'
        f'<img src="/poster/{movie.movie_id}.svg" alt="" loading="lazy"{edge}></a>'
        for movie in found
    )
    return f'<div class="picks" role="list" aria-label="{markup(name)}">{posters}</div>'


def nearest(draft: Draft) -> None:
    """The movies whose texts are nearest to a new one's."""
    found = [movies.by_item(item) for item in premiere.neighbours(house().engine, bridge.newcomer(draft), NEAREST)]
    st.subheader("What reads like it", anchor=False)
    if found:
        st.html(strip(found, "Nearest by text"))
    else:
        st.markdown("No movie here has a word in common with it.")
