"""Learning live: the models that can hear every rating the moment it is stored, without the worker."""

from __future__ import annotations

import logging

from app import bridge
from app.resources import house
from db import DatabaseError
from recommender.serving.live import PATIENCE_SECONDS

log = logging.getLogger("marquee")


def listen(patience: float = PATIENCE_SECONDS) -> None:
    """Let the models hear what was rated since, here or through another process. Never raises: what was stored is heard later."""
    rooms = house()
    try:
        rooms.engine.listen(lambda number: bridge.given_after(rooms.database, rooms.dataset.catalog, number), patience)
    except DatabaseError as error:
        log.warning("What was rated could not be heard: %s", error)
