"""CMF: the person's step, and the factors of a movie that nobody rated, by hand."""

from __future__ import annotations

import numpy as np

from recommender.data import Histories
from recommender.models.side_information.cmf import CMF, CMFConfig
from tests.models.planted import Planted, history


def learned(planted: Planted, **knobs: float) -> CMF:
    return CMF(CMFConfig(**{**CMF.quick, **knobs})).fit(planted.interactions, planted.catalog)


def test_fold_in_is_the_weighted_least_squares_solution(planted: Planted) -> None:
    model = learned(planted, regularization=0.7, confidence=4.0)
    rated, Y = np.flatnonzero(model.popular), model.factors.astype(float)
    one, other, disliked = planted.rings[0][:3]
    c, p = np.ones(len(Y)), np.zeros(len(Y))
    c[[one, other, disliked]], p[[one, other]] = 5.0, 1
    x = np.linalg.solve(Y.T @ np.diag(c) @ Y + 0.7 * np.eye(Y.shape[1]), Y.T @ np.diag(c) @ p)
    scores = model.score(Histories.of([history([one, other, disliked], [5.0, 3.0, 1.0])]))[0]
    assert np.allclose(scores[rated], (Y @ x)[rated], atol=1e-4)


def test_factors_of_a_new_movie_are_a_ridge_regression_on_features(planted: Planted) -> None:
    model = learned(planted, feature_ridge=2.0)
    rated = model.popular > 0
    F, Y = model.features.astype(float), model.factors.astype(float)
    M = np.linalg.solve(F[rated].T @ F[rated] + 2.0 * np.eye(F.shape[1]), F[rated].T @ Y[rated])
    assert np.allclose(Y[planted.cold], (F @ M)[planted.cold], atol=1e-3)


def test_features_move_the_factors_of_rated_movies(planted: Planted) -> None:
    """With the weight of features, movies of one taste come nearer to each other."""
    ring = planted.rings[0]

    def spread(weight: float) -> float:
        Y = learned(planted, feature_weight=weight).factors[ring]
        return float(np.linalg.norm(Y - Y.mean(axis=0)) / np.linalg.norm(Y))

    assert spread(100.0) < spread(0.01)
