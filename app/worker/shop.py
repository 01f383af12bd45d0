"""What the work needs: the data set, the database, the shelf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from app import bridge
from app.settings import Settings
from db import Database, connect
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.serving.artifacts import ArtifactStore


@dataclass(frozen=True, eq=False)
class Shop:
    """Opened once per process that works."""

    settings: Settings
    dataset: Dataset
    database: Database
    store: ArtifactStore

    @classmethod
    def open(cls) -> Self:
        """Raises MarqueeError or DatabaseError, in one sentence, when data or database cannot be opened."""
        settings = Settings()
        dataset = load(settings.data)
        database = connect(settings.database_url)
        database.migrate()
        bridge.seed(database, dataset)
        return cls(settings, dataset, database, ArtifactStore(settings.models))
