"""EASE against its closed form."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.data import Histories
from recommender.layers.preference import DISLIKE
from recommender.models.classic.ease import EASE, EASEConfig

THREE = np.array([[1, 1, 0], [1, 0, 1], [1, 1, 1], [0, 1, 1]], float)
"""Four people, three movies."""


def closed_form(X: np.ndarray, lam: float) -> np.ndarray:
    """Steck (2019), equation 8."""
    P = np.linalg.inv(X.T @ X + lam * np.eye(X.shape[1]))
    return np.eye(X.shape[1]) - P / np.diag(P)


def people(X: np.ndarray) -> list[list[int]]:
    return [np.flatnonzero(row).tolist() for row in X]


def rows(model: EASE, n: int) -> np.ndarray:
    """B, row by row: what one liked movie says of all."""
    return model.score(Histories.of([([item], [5], [0]) for item in range(n)]))


def test_the_weights_by_hand(world) -> None:
    """XᵀX has 3 on and 2 off the diagonal; with λ = 1, P has 3/8 on and -1/8 off it, so every weight is 1/3."""
    model = EASE(EASEConfig(regularization=1.0)).fit(*world(people(THREE), 3))
    expected = np.full((3, 3), 1 / 3) - np.eye(3) / 3
    assert np.allclose(closed_form(THREE, 1.0), expected)
    assert np.allclose(rows(model, 3), expected, atol=1e-5)


@pytest.mark.parametrize("shape", [(9, 6), (6, 9)], ids=["items' side", "people's side"])
def test_both_sides_equal_the_closed_form(world, shape: tuple[int, int]) -> None:
    X = (np.random.default_rng(3).random(shape) < 0.5).astype(float)
    X[:, 0] = X[0] = 1
    model = EASE(EASEConfig(regularization=2.0)).fit(*world(people(X), shape[1]))
    assert bool(len(model.diagonal)) == (shape[0] < shape[1])
    assert np.allclose(rows(model, shape[1]), closed_form(X, 2.0), atol=1e-5)


def test_a_person_is_the_sum_of_opinions(world) -> None:
    X = (np.random.default_rng(4).random((5, 8)) < 0.6).astype(float)
    X[:, 0] = X[0] = 1
    model = EASE(EASEConfig(regularization=2.0)).fit(*world(people(X), 8))
    x = np.zeros(8)
    x[[1, 4]], x[6] = 1, DISLIKE
    scores = model.score(Histories.of([([1, 4, 6, 7], [3, 5, 1, 2.5], [0, 1, 2, 3])]))[0]
    assert np.allclose(scores, x @ closed_form(X, 2.0), atol=1e-5)


def test_beyond_max_items_only_the_most_popular_have_weights(world) -> None:
    X = np.array([[1, 1, 1, 0], [1, 1, 0, 1], [1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 0]], float)
    model = EASE(EASEConfig(regularization=1.0, max_items=3)).fit(*world(people(X), 4))
    assert model.items.tolist() == [0, 1, 2]
    scores = model.score(Histories.of([([0], [5], [0])]))[0]
    assert np.allclose(scores[:3], closed_form(X[:, :3], 1.0)[0], atol=1e-5)
    assert scores[3] == pytest.approx(0, abs=1e-5)
