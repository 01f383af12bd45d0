"""What the work needs: the data set, the database, the shelf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from app import bridge
from app.settings import Settings
from db import Database, connect
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.models import registry
from recommender.serving.artifacts import ArtifactStore


@dataclass(frozen=True, eq=False)
class Shop:
    """Opened once per process that works."""

    settings: Settings
    dataset: Dataset
    database: Database
    store: ArtifactStore
    by_itself: tuple[str, ...]
    """Slugs of the models that are trained without being asked for."""

    @classmethod
    def open(cls) -> Self:
        """Raises MarqueeError or DatabaseError, in one sentence, when data or database cannot be opened."""
        settings = Settings()
        by_itself = registry.names() if settings.by_itself is None else registry.matching(settings.by_itself)
        dataset = load(settings.data)
        database = connect(settings.database_url)
        database.migrate()
        bridge.seed(database, dataset)
        return cls(settings, dataset, database, ArtifactStore(settings.models), tuple(by_itself))
