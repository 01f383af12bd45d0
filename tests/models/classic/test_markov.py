"""Markov's smoothed probabilities, by hand."""

from __future__ import annotations

import numpy as np

from recommender.data import Histories
from recommender.models.classic.markov import Markov, MarkovConfig

PEOPLE = [[0, 1, 2], [0, 1], [0, 2]]
"""From 0: twice to 1, once to 2; from 1: once to 2. Ratings: three, two, two."""
PRIOR = np.array([3, 2, 2]) / 7


def after(model: Markov, *history: tuple[int, float]) -> np.ndarray:
    items, stars = zip(*history, strict=True) if history else ((), ())
    return model.score(Histories.of([(items, stars, range(len(items)))]))[0]


def test_counts_and_popularity_are_mixed(world) -> None:
    model = Markov(MarkovConfig(smoothing=7.0)).fit(*world(PEOPLE, 3))
    assert np.allclose(after(model, (0, 5)), (np.array([0, 2, 1]) + 7 * PRIOR) / (3 + 7))
    assert np.allclose(after(model, (1, 5)), (np.array([0, 0, 1]) + 7 * PRIOR) / (1 + 7))
    assert np.allclose(after(model, (0, 5)).sum(), 1)


def test_without_a_way_on_it_is_popularity(world) -> None:
    model = Markov(MarkovConfig(smoothing=7.0)).fit(*world(PEOPLE, 3))
    assert np.allclose(after(model), PRIOR)
    assert np.allclose(after(model, (2, 5)), PRIOR)


def test_it_leaves_from_the_last_movie_that_was_not_disliked(world) -> None:
    model = Markov(MarkovConfig(smoothing=7.0)).fit(*world(PEOPLE, 3))
    assert np.allclose(after(model, (1, 5), (0, 4), (1, 2)), after(model, (0, 5)))
    assert np.allclose(after(model, (0, 1)), PRIOR)
    assert np.allclose(after(model, (0, 2.5)), after(model, (0, 5)))


def test_one_person_does_not_lead_to_the_next(world) -> None:
    model = Markov().fit(*world([[0, 1], [2, 0]], 3))
    assert model.transitions.toarray().tolist() == [[0, 1, 0], [0, 0, 0], [1, 0, 0]]
