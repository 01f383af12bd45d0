"""ContentKNN: the vote of the nearest, by hand."""

from __future__ import annotations

import numpy as np

from recommender.data import Histories
from recommender.models.side_information.contentknn import ContentKNN, ContentKNNConfig
from tests.models.planted import history


def knowing(texts: list[list[float]], neighbours: int) -> ContentKNN:
    model = ContentKNN(ContentKNNConfig(neighbours=neighbours))
    model.restore({"texts": np.array(texts, np.float32), "popular": np.zeros(len(texts), np.float32)})
    return model


TEXTS = [[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [0.0, 0.0]]


def test_all_vote_when_there_are_few() -> None:
    scores = knowing(TEXTS, 5).score(Histories.of([history([0, 2], [5.0, 1.0])]))
    assert np.allclose(scores[0], [1, 0.6 - 0.3 * 0.8, -0.3, 0])


def test_only_the_nearest_votes() -> None:
    scores = knowing(TEXTS, 1).score(Histories.of([history([0, 2], [5.0, 1.0])]))
    assert np.allclose(scores[0], [1, -0.3 * 0.8, -0.3, 0], atol=1e-6), "movie 1 is nearest to the disliked movie 2"


def test_a_movie_of_which_nothing_is_known_says_nothing() -> None:
    model = knowing(TEXTS, 5)
    model.popular = np.array([0.1, 0.4, 0.2, 0.3], np.float32)
    assert np.array_equal(model.score(Histories.of([history([3])]))[0], model.popular)
