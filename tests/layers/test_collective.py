"""Alternating least squares over people and features: where it ends no step makes it better."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from recommender.layers.collective import factorised

X = sp.csr_array(np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 1, 0]], np.float32))
F = np.array([[1, 0], [0.5, 0.5], [0, 1], [0, 2]], np.float32)
KNOBS = {"dim": 2, "ridge": 0.5, "confidence": 3.0, "iterations": 400, "seed": 0}


def loss(Y: np.ndarray, x: np.ndarray, a: np.ndarray, weight: float) -> float:
    """All terms; movie 3, which nobody rated, is not held against anybody."""
    p = X.toarray().astype(float)
    watched = ((1 + 3.0 * p) * (p - x @ Y.T) ** 2)[:, :3].sum()
    known = weight * ((F - Y @ a.T) ** 2).sum()
    return float(watched + known + 0.5 * ((x**2).sum() + weight * (a**2).sum() + (Y**2).sum()))


def features_given(Y: np.ndarray) -> np.ndarray:
    """a, when Y is given."""
    return np.linalg.solve(Y.T @ Y + 0.5 * np.eye(2), Y.T @ F).T


def test_no_movie_that_was_rated_would_rather_lie_elsewhere() -> None:
    Y, x = (part.astype(float) for part in factorised(X, F, feature_weight=2.0, **KNOBS))
    a = features_given(Y)
    least = loss(Y, x, a, 2.0)
    for nudge in np.random.default_rng(0).normal(scale=0.02, size=(50, 3, 2)):
        moved = Y.copy()
        moved[:3] += nudge
        assert loss(moved, x, a, 2.0) > least


def test_no_person_would_either() -> None:
    Y, x = (part.astype(float) for part in factorised(X, F, feature_weight=2.0, **KNOBS))
    a, least = features_given(Y), loss(Y, x, features_given(Y), 2.0)
    assert all(
        loss(Y, x + nudge, a, 2.0) > least for nudge in np.random.default_rng(1).normal(scale=0.02, size=(50, 4, 2))
    )


def test_a_movie_that_nobody_rated_is_left_to_its_features() -> None:
    Y, _ = factorised(X, F, feature_weight=2.0, **KNOBS)
    a = features_given(Y)
    expected = np.linalg.solve(2 * a.T @ a + 0.5 * np.eye(2), 2 * a.T @ F[3])
    assert np.allclose(Y[3], expected, atol=1e-3)


def test_without_features_it_has_nothing() -> None:
    told: list[int] = []
    Y, _ = factorised(X, None, **{**KNOBS, "iterations": 3}, told=told.append)
    assert np.array_equal(Y[3], [0, 0])
    assert told == [1, 2, 3]
