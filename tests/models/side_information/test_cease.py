"""CEASE: features as more people, and the column of a movie that nobody rated, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.data import Histories
from recommender.layers.standing import stood
from recommender.models.side_information.cease import CEASE, CEASEConfig
from tests.models.planted import Planted, history


def learned(planted: Planted, **knobs: float) -> CEASE:
    return CEASE(CEASEConfig(**{**CEASE.quick, **knobs})).fit(planted.interactions, planted.catalog)


def test_rated_movies_have_the_weights_of_ease_with_features_as_people(planted: Planted) -> None:
    model = learned(planted, regularization=20.0, feature_weight=3.0)
    X = planted.interactions.matrix(len(planted.catalog), np.ones(len(planted.interactions), np.float32)).toarray()
    Z = np.vstack([X, 3.0 * model.features[:, :-1].T])[:, model.items].astype(float)
    P = np.linalg.inv(Z.T @ Z + 20.0 * np.eye(len(model.items)))
    B = np.eye(len(P)) - P / np.diag(P)
    one, other = planted.rings[0][:2]
    scores = model.score(Histories.of([history([one, other], [5.0, 1.0])]))[0]
    x = np.zeros(len(planted.catalog))
    x[one], x[other] = 1, -0.3
    assert np.allclose(scores[model.items], x[model.items] @ B, atol=1e-4)
    assert not set(model.items) & {*planted.cold, planted.blank}


def test_a_new_movie_is_a_ridge_regression_of_scores_on_features(planted: Planted) -> None:
    model = learned(planted, feature_ridge=2.0)
    scores = model.score(Histories.of([history(planted.rings[0][:3])]))[0]
    F, own = model.features[model.items].astype(float), scores[model.items].astype(float)
    slope = np.linalg.solve(F.T @ F + 2.0 * np.eye(F.shape[1]), F.T @ own)
    told = [
        torch.tensor(part[None], dtype=torch.float32) for part in (model.features[planted.cold] @ slope, F @ slope, own)
    ]
    assert np.allclose(scores[planted.cold], stood(*told)[0], atol=1e-3 * own.std())


def test_beyond_max_items_features_decide(planted: Planted) -> None:
    model = learned(planted, max_items=10)
    scores = model.score(Histories.of([history(model.items[:2].tolist())]))
    assert len(model.items) == 10
    assert np.isfinite(scores).all()
    assert len(np.unique(scores)) > 10
