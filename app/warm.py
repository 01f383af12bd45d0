"""What is done once, so that no visitor waits for it."""

from __future__ import annotations

import gc

from app import first_set, learning, navigation, session
from app.resources import house


def warm() -> None:
    """Open the house, import the views, and set all of it aside from garbage collection.

    Streamlit collects garbage after every run of a page. Over all that was imported and loaded this takes the processor a
    quarter of a second, ten times as long as the page itself; what is frozen is not looked at.
    """
    learning.listen()
    served = {model.card.slug: model for model in house().engine.served()}
    navigation.load()
    opened_with = next((slug for slug in session.PREFERRED if slug in served), None)
    if opened_with is not None:
        first_set.prepare(served[opened_with])
    gc.collect()
    gc.freeze()
