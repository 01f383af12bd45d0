"""iALS: the fold-in is the least-squares solution."""

from __future__ import annotations

import numpy as np

from recommender.data import Histories
from recommender.models.classic.ials import IALS, IALSConfig

PEOPLE = [[0, 1, 2], [0, 1, 3], [2, 3, 4], [0, 2, 4]]


def test_fold_in_is_the_weighted_least_squares_solution(world) -> None:
    """x = (Yᵀ C Y + λI)⁻¹ Yᵀ C p with C = diag(c), worked out over all movies at once."""
    config = IALSConfig(factors=3, regularization=0.7, confidence=4.0)
    model = IALS(config).fit(*world(PEOPLE, 5))
    Y = model.factors.astype(float)
    c, p = np.ones(5), np.zeros(5)
    c[[0, 3, 4]] = 1 + 4.0  # liked, liked, disliked
    p[[0, 3]] = 1
    x = np.linalg.solve(Y.T @ np.diag(c) @ Y + 0.7 * np.eye(3), Y.T @ np.diag(c) @ p)
    scores = model.score(Histories.of([([0, 3, 4, 2], [5, 3, 1, 2.5], [0, 1, 2, 3])]))[0]
    assert np.allclose(scores, Y @ x, atol=1e-4)


def test_the_fold_in_minimises_the_loss(world) -> None:
    config = IALSConfig(factors=2, regularization=0.5, confidence=2.0)
    model = IALS(config).fit(*world(PEOPLE, 5))
    Y = model.factors.astype(float)
    c, p = np.array([3.0, 1, 1, 3, 1]), np.array([1.0, 0, 0, 1, 0])

    def loss(x: np.ndarray) -> float:
        return float((c * (p - Y @ x) ** 2).sum() + 0.5 * x @ x)

    x = model._fold_in(np.array([0, 3], np.int32), np.array([True, True])).astype(float)
    nudges = np.random.default_rng(0).normal(scale=0.01, size=(50, 2))
    assert all(loss(x) <= loss(x + nudge) for nudge in nudges)
