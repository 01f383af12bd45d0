"""What all visitors share and nobody changes: settings, catalogue, database, engine, title index; each made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock

from app import bridge
from app.settings import Settings
from app.titles import TitleIndex
from db import Database, connect
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.models import registry
from recommender.models.base import ModelCard
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.engine import Engine


@dataclass(frozen=True, eq=False)
class House:
    """Everything that is opened once per process."""

    settings: Settings
    dataset: Dataset
    database: Database
    engine: Engine
    titles: TitleIndex
    cards: Mapping[str, ModelCard]
    """Every model of the house by slug, trained or not."""


_door = Lock()


def house() -> House:
    """The open house. The first caller opens it, the others wait.

    Raises MarqueeError or DatabaseError, in one sentence, when data or database cannot be opened; the next call tries anew.
    """
    with _door:
        return _open()


def close() -> None:
    """Forget the house, so that the next call opens it with the settings of that moment."""
    _open.cache_clear()


@cache
def _open() -> House:
    settings = Settings()
    dataset = load(settings.data)
    database = connect(settings.database_url)
    database.migrate()
    bridge.seed(database, dataset)
    engine = Engine(dataset.catalog, dataset.interactions, ArtifactStore(settings.models))
    cards = {card.slug: card for card in registry.cards()}
    return House(settings, dataset, database, engine, TitleIndex(dataset), cards)
