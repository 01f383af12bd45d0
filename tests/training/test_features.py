"""What networks that read texts get from the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from recommender.data import Catalog
from recommender.models.base import Cancelled
from recommender.training import features
from tests.models.planted import plant


class Reads(features.FeatureRecommender):
    """Gets as far as its texts."""

    def network(self, n_items: int) -> None:  # type: ignore[override]
        raise AssertionError("training begins after the texts")


Reads.__abstractmethods__ = frozenset()


def test_embedding_tells_how_far_it_is_and_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    def embed(catalog: Catalog, encoder: str, seed: int, watch: Callable[[int, int], None]) -> NDArray[np.float32]:
        watch(3, 29)
        raise AssertionError("cancelled before")

    told: list[Mapping[str, float]] = []

    def progress(step: int, total: int, metrics: Mapping[str, float]) -> None:
        told.append(metrics)
        raise Cancelled

    monkeypatch.setattr(features, "embed", embed)
    world, model = plant(), Reads()
    untouched = dict(vars(model))
    with pytest.raises(Cancelled):
        model.fit(world.interactions, world.catalog, progress)
    assert told == [{"texts": 3.0, "of": 29.0}]
    assert vars(model) == untouched
