"""What was shown, and what came of it: impressions of lists, and the visitor's answers to single posters."""

from __future__ import annotations

import streamlit as st

from app import navigation, session, visitor
from app.components.poster_grid import Event
from app.resources import house
from app.session import Shown
from db import impressions
from recommender.serving.engine import Answer, Person


def record(answer: Answer, person: Person, view: str, length: int) -> Shown:
    """The list as the page remembers it; what of it has not been in view yet is recorded as shown."""
    now = Shown(answer.slug, person.version, tuple(int(item) for item in answer.items))
    before = session.shown()
    ...
    return now
