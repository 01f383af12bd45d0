"""What one visitor's page remembers between two clicks: every key of st.session_state has its typed function here."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import streamlit as st

MODEL = "chosen_model"
BEFORE = "model_before"
TOKEN = "visitor_token"


def choose_model(slug: str) -> None:
    """Make `slug` the chosen model and remember the one before it. Choosing the same again changes nothing."""
    now = st.session_state.get(MODEL)
    if slug != now:
        st.session_state[BEFORE] = now
        st.session_state[MODEL] = slug


def model() -> str:
    """Slug of the chosen model."""
    return str(st.session_state[MODEL])


def model_before() -> str | None:
    """Slug of the model that was chosen before this one, if there was one."""
    before = st.session_state.get(BEFORE)
    return None if before is None else str(before)


def settle_model(served: Sequence[str], preferred: Sequence[str]) -> str | None:
    """Agree on a model between address, memory and what is served; write it to the address.

    `preferred` are tried in order when neither names one. Returns the name in the address when nobody serves it.
    """
    asked = st.query_params.get("model")
    known = asked if asked in served else None
    kept = st.session_state.get(MODEL)
    choice = known or (kept if kept in served else None) or next((slug for slug in preferred if slug in served), served[0])
    choose_model(choice)
    if asked != choice:
        st.query_params["model"] = choice
    return asked if asked is not None and known is None else None


def stranger_token() -> str:
    """A token for a page without a cookie (cookies refused): the person lives as long as the page."""
    return str(st.session_state.setdefault(TOKEN, secrets.token_hex(16)))
