"""What a released movie's page says beside what every page says: who may take it back, what its ratings do."""

from __future__ import annotations

import streamlit as st

from app import releases
from app.components import release_list
from app.movies import Movie


def render(movie: Movie) -> None:
    """The note, and for whoever released it the way to take it back."""
    own = next((release for release in releases.own() if release.movie_id == movie.movie_id), None)
    who = "You released it here" if own else "A visitor released it here"
    if releases.withdrawn(movie):
        st.warning(
            f"{who}, and withdrew it: no list and no search shows it. Ratings of it are kept.", icon=":material/block:"
        )
    else:
        st.markdown(
            f"{who}. Models that read what movies are place it by its features alone. Ratings of it are kept and shown, "
            "but no model reads them: all were trained before it came."
        )
    if own is not None:
        release_list.control(own)
