"""Models: what is in the house, where it came from and what it has learnt; a section for each way to look at it."""

from __future__ import annotations

from importlib import import_module

import streamlit as st

SECTIONS = {
    "tree": "Family tree",
    "shelf": "All models",
    "crossings": "What crosses",
    "exploration": "Exploration",
    "positions": "Position bias",
    "live": "Learning live",
    "objectives": "Objectives",
}
"""Module in this package, which has a `render`, and the name on its button, which stands in the address as `section`."""


def render() -> None:
    """Choose a section, then draw it."""
    st.title("Models", anchor=False)
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        format_func=SECTIONS.__getitem__,
        default=next(iter(SECTIONS)),
        required=True,
        key="section",
        label_visibility="collapsed",
        bind="query-params",
    )
    import_module(f"{__name__}.{section}").render()
