"""The planted world as a data set, a store in a folder of its own, and a house that serves from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.data.dataset import Dataset
from recommender.models import registry
from recommender.serving.answers import Person
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.serving.engine import Engine
from recommender.serving.training import train
from tests.models.planted import Planted, plant

Train = Callable[..., Version]
Open = Callable[[], Engine]
Somebody = Callable[..., Person]


def seated(engine: Engine, slug: str) -> Any:
    """The model that serves itself, to be tampered with."""
    return next(served.model for served in engine.served() if served.card.slug == slug)


@pytest.fixture(scope="session")
def planted() -> Planted:
    """The small world of the models' contract."""
    return plant()


@pytest.fixture(scope="session")
def dataset(planted: Planted) -> Dataset:
    """The world as a data set."""
    return Dataset("planted", planted.catalog, planted.interactions)


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    """An empty store."""
    return ArtifactStore(tmp_path / "artifacts")


@pytest.fixture
def publish(dataset: Dataset, store: ArtifactStore) -> Train:
    """Trains a model and lets it serve."""

    def make(slug: str, **settings: object) -> Version:
        return train(slug, dataset, store, {**registry.model_class(slug).quick, **settings})

    return make


@pytest.fixture
def open_engine(dataset: Dataset, store: ArtifactStore) -> Callable[[], Engine]:
    """Opens an engine on the store."""
    return lambda: Engine(dataset.catalog, dataset.interactions, store)


@pytest.fixture(scope="session")
def person() -> Callable[..., Person]:
    """Makes somebody from items and stars; everyone made with the same ratings has the same version."""

    def make(items: list[int], stars: list[float] | None = None) -> Person:
        stars = stars or [5.0] * len(items)
        return Person(
            np.array(items, np.int32),
            np.array(stars, np.float32),
            np.arange(len(items), dtype=np.int64),
            f"{items} {stars}",
        )

    return make


@pytest.fixture
def walker(planted: Planted, person: Somebody) -> Person:
    """Somebody with six liked movies of taste 0."""
    return person(planted.walks[0][0])
