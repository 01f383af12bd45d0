"""Before the first visitor everything is imported and loaded, and the garbage collector is told to leave it alone."""

from __future__ import annotations

import gc
import sys

from app.navigation import VIEWS
from app.resources import House
from app.warm import warm


def test_what_is_there_for_good_is_set_aside_from_garbage_collection(opened: House) -> None:
    try:
        warm()
        assert gc.get_freeze_count() > 100_000
        assert len(gc.get_objects()) < gc.get_freeze_count()
        assert all(f"app.views.{view.name}" in sys.modules for view in VIEWS)
    finally:
        gc.unfreeze()
