"""What is done once, so that no visitor waits for it."""

from __future__ import annotations

import gc

from app import navigation
from app.resources import house


def warm() -> None:
    """Open the house, import the views, and set all of it aside from garbage collection.

    Streamlit collects garbage after every run of a page. Over all that was imported and loaded this takes the processor a
    quarter of a second, ten times as long as the page itself; what is frozen is not looked at.
    """
    house()
    navigation.load()
    gc.collect()
    gc.freeze()
