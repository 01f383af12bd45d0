"""What stands above every page: the name of the house, and how much it knows of the visitor."""

from __future__ import annotations

import streamlit as st

from app import navigation, visitor
from app.routes.tmdb import ATTRIBUTION
from app.settings import Settings

ABOUT = "Marquee shows thirty years of recommender models looking at the same person: rate a few movies and compare."


def render() -> None:
    """Draw it; both links go without loading the page anew."""
    with st.container(key="house"):
        st.page_link(navigation.page("for_you"), label="Marquee")
    with st.container(key="rated"):
        st.page_link(navigation.page("my_ratings"), label=f"★ {visitor.rated():,} rated")


def about() -> str:
    """What the menu says of the house, as Markdown; with a TMDB key also whose posters are shown, as their terms ask.

    With an entry of its own the menu is shown, and in it the choice between light and dark.
    """
    return f"{ABOUT}\n\n{ATTRIBUTION}" if Settings().tmdb_key else ABOUT
