"""Neighbours: the graph against every movie looked at, and the sources that use it against the model's own list."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from recommender.models.abilities import Points
from recommender.serving.answers import Person
from recommender.serving.artifacts import Version
from recommender.serving.cascade.nearest import EXACT_BELOW, Nearest
from recommender.serving.cascade.retrieval import Sources
from recommender.serving.engine import Engine
from tests.models.planted import Planted


def test_the_graph_finds_what_looking_at_all_finds() -> None:
    """20,000 movies of very different lengths, which is what popularity makes of vectors: recall of the best 200 over 95 %."""
    random = np.random.default_rng(0)
    vectors = random.normal(size=(20_000, 32)).astype(np.float32) * random.lognormal(0, 0.5, (20_000, 1)).astype(
        np.float32
    )
    exact, graph = Nearest(vectors), Nearest(vectors, exact_below=0)
    assert exact.exact
    assert not graph.exact
    found = []
    for point in random.normal(size=(20, 32)).astype(np.float32):
        best, products = exact.search(point, 200)
        near, others = graph.search(point, 200)
        assert (np.diff(products) <= 0).all()
        assert (np.diff(others) <= 0).all()
        found.append(len(np.intersect1d(best, near)) / 200)
    assert np.mean(found) > 0.95


def test_small_catalogues_are_looked_at_whole() -> None:
    assert EXACT_BELOW == 100_000
    items, products = Nearest(np.eye(3, dtype=np.float32)).search(np.array([1, 3, 2], np.float32), 9)
    assert items.tolist() == [1, 2, 0]
    assert products.tolist() == [3, 2, 1]


def test_a_model_that_points_brings_its_own_list(
    publish: Callable[..., Version], open_engine: Callable[[], Engine], walker: Person, planted: Planted
) -> None:
    """By the graph as by all scores, without what the person has rated."""
    publish("twotower")
    engine = open_engine()
    assert isinstance(next(served.model for served in engine.served() if served.card.slug == "twotower"), Points)
    whole, _ = Sources(engine).bring("twotower", walker, 8)
    near, _ = Sources(engine, exact_below=0).bring("twotower", walker, 8)
    np.testing.assert_array_equal(near, whole)
    assert not set(near.tolist()) & set(walker.items.tolist())
