"""Which models a benchmark measures."""

from __future__ import annotations

from app.settings import Settings
from recommender.models import registry


def measured() -> list[str]:
    """Slugs of those that MARQUEE_MODELS names, else of all."""
    named = Settings().by_itself
    return registry.names() if named is None else registry.matching(named)
