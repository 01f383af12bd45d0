"""BPR: the fold-in goes uphill, in the right direction, the same way each time."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from recommender.data import Histories
from recommender.models.classic.bpr import BPR, BPRConfig

PEOPLE = [[0, 1, 2], [0, 1, 3], [2, 3, 4], [0, 2, 4]]
NO_DECAY = BPRConfig(factors=4, epochs=20, regularization=0.0)


def objective(model: BPR, x: np.ndarray, items: list[int], weights: np.ndarray) -> float:
    """Σ |w_i| ln σ(sign(w_i) x·(y_i - y_j)), averaged over the rivals."""
    Y, bias = model.factors[:, :-1].astype(float), model.factors[:, -1].astype(float)
    margin = (Y[items] @ x + bias[items])[:, None] - (Y[model.rivals] @ x + bias[model.rivals])
    return float((np.abs(weights)[:, None] * np.log(expit(np.sign(weights)[:, None] * margin))).mean(axis=1).sum())


def test_one_step_is_the_gradient(world) -> None:
    model = BPR(NO_DECAY.model_copy(update={"fold_in_steps": 1, "fold_in_rate": 0.1})).fit(*world(PEOPLE, 5))
    items, weights = [0, 4], np.array([1, -0.3], np.float32)
    x = model._fold_in(np.array(items, np.int32), weights)
    nudge = 1e-5
    gradient = [
        (objective(model, nudge * e, items, weights) - objective(model, -nudge * e, items, weights)) / (2 * nudge)
        for e in np.eye(4)
    ]
    assert np.allclose(x, 0.1 * np.array(gradient), atol=1e-5)


def test_more_steps_climb_higher(world) -> None:
    items, weights = [0, 1], np.array([1, 1], np.float32)
    heights = []
    for steps in (1, 5, 25):
        model = BPR(NO_DECAY.model_copy(update={"fold_in_steps": steps})).fit(*world(PEOPLE, 5))
        heights.append(objective(model, model._fold_in(np.array(items, np.int32), weights), items, weights))
    assert heights == sorted(heights)


def test_a_like_lifts_its_movie_and_a_dislike_lowers_it(world) -> None:
    model = BPR(NO_DECAY).fit(*world(PEOPLE, 5))
    nobody, liked, disliked = (
        model.factors[1, :-1] @ model._fold_in(np.array([1], np.int32), np.array([weight], np.float32))
        for weight in (0, 1, -0.3)
    )
    assert disliked < nobody == 0 < liked


def test_every_fold_in_is_the_same(world) -> None:
    model = BPR(NO_DECAY).fit(*world(PEOPLE, 5))
    person = Histories.of([([0, 4], [5, 1], [0, 1])])
    assert np.array_equal(model.score(person), model.score(person))
