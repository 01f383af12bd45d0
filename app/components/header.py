"""What stands above every page: the stylesheet, the name of the house, and how much it knows of the visitor."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import navigation, visitor

STYLES = Path(__file__).parents[2] / "assets" / "styles"


def render() -> None:
    """Draw it; both links go without loading the page anew."""
    st.html(STYLES / "marquee.css")
    with st.container(key="house"):
        st.page_link(navigation.page("for_you"), label="Marquee")
    with st.container(key="rated"):
        st.page_link(navigation.page("my_ratings"), label=f"★ {visitor.rated():,} rated")
