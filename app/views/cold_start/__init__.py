"""Cold start: what can be said of somebody who has hardly rated, and of a movie that nobody has; a stage for each question."""

from __future__ import annotations

from importlib import import_module

import streamlit as st

STAGES = {
    "newcomer": "Newcomer",
    "asking": "What to ask",
    "release": "Release a movie",
    "map": "The map",
}
"""Module in this package, which has a `render`, and the name on its button, which stands in the address as `stage`."""


def render() -> None:
    """Choose a stage, then draw it."""
    st.title("Cold start", anchor=False)
    stage = st.segmented_control(
        "Stage",
        list(STAGES),
        format_func=STAGES.__getitem__,
        default=next(iter(STAGES)),
        required=True,
        key="stage",
        label_visibility="collapsed",
        bind="query-params",
    )
    import_module(f"{__name__}.{stage}").render()
