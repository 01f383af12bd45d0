"""What stands above every page."""

from __future__ import annotations

import streamlit as st

from app import visitor


def render() -> None:
    """The name of the house and how much it knows of the visitor."""
    count = len(visitor.stars())
    st.caption(f"★ {count} rated")
