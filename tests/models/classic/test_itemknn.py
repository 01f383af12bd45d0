"""ItemKNN's similarity, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.data import Histories
from recommender.models.classic.itemknn import ItemKNN, ItemKNNConfig

PEOPLE = [[0, 1], [0, 1], [0, 2], [0, 1, 2]]
"""Movie 0 has four people, movie 1 three, movie 2 two; 0 and 1 share three, 0 and 2 two, 1 and 2 one."""


def test_cosine_with_shrinkage(world) -> None:
    model = ItemKNN(ItemKNNConfig(shrinkage=2.0, neighbours=3)).fit(*world(PEOPLE, 3))
    s01, s02, s12 = 3 / (np.sqrt(4 * 3) + 2), 2 / (np.sqrt(4 * 2) + 2), 1 / (np.sqrt(3 * 2) + 2)
    expected = [[0, s01, s02], [s01, 0, s12], [s02, s12, 0]]
    assert np.allclose(model.similarity.toarray(), expected, atol=1e-6)


def test_only_the_nearest_are_kept(world) -> None:
    model = ItemKNN(ItemKNNConfig(shrinkage=0.0, neighbours=1)).fit(*world(PEOPLE, 3))
    assert (model.similarity.toarray() > 0).tolist() == [
        [False, True, False],
        [True, False, False],
        [True, False, False],
    ]


def test_the_score_is_the_sum_of_similarities(world) -> None:
    model = ItemKNN(ItemKNNConfig(shrinkage=2.0, neighbours=3)).fit(*world(PEOPLE, 3))
    scores = model.score(Histories.of([([1, 2], [5, 1], [0, 1])]))[0]
    s01, s02 = 3 / (np.sqrt(12) + 2), 2 / (np.sqrt(8) + 2)
    assert scores[0] == pytest.approx(s01 - 0.3 * s02, abs=1e-5)
