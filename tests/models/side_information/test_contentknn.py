"""ContentKNN: the vote of the nearest, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.data import Histories
from recommender.models.side_information import contentknn
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


def plainly(texts: np.ndarray, neighbours: int, items: list[int], stars: list[float]) -> np.ndarray:
    """The vote, movie by movie."""
    opinion = np.array([1.0 if star > 2.5 else -0.3 for star in stars])
    near = texts @ texts[items].T
    return np.array(
        [
            (row[first] * opinion[first]).sum()
            for row in near
            for first in [np.argsort(-row, kind="stable")[:neighbours]]
        ]
    )


@pytest.mark.parametrize("at_once", [7, 10**6], ids=["in chunks", "at once"])
def test_many_people_get_the_plain_vote(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(contentknn, "AT_ONCE", at_once)
    rng = np.random.default_rng(5)
    texts = rng.normal(size=(40, 6))
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    model = knowing(texts.tolist(), 3)
    rated = [sorted(rng.permutation(40)[:n].tolist()) for n in (1, 3, 4, 12, 30)]
    stars = [rng.choice([1.0, 4.0], len(items)).tolist() for items in rated]
    scores = model.score(Histories.of([history(items, star) for items, star in zip(rated, stars, strict=True)]))
    for row, items, star in zip(scores, rated, stars, strict=True):
        assert np.allclose(row, plainly(texts, 3, items, star), atol=1e-5)


def test_people_who_rated_nearly_the_same_get_what_each_gets_alone() -> None:
    rng = np.random.default_rng(6)
    texts = rng.normal(size=(40, 6))
    items, stars = rng.permutation(40)[:20].tolist(), rng.choice([1.0, 4.0], 20).tolist()
    shorter = [history(np.delete(items, n).tolist(), np.delete(stars, n).tolist()) for n in range(20)]
    model = knowing(texts.tolist(), 4)
    together = model.score(Histories.of([history(items, stars), *shorter]))
    alone = np.concatenate([model.score(Histories.of([person])) for person in [history(items, stars), *shorter]])
    assert np.allclose(together, alone, atol=1e-5)


def test_of_equally_near_movies_the_first_vote() -> None:
    alike = [[1.0, 0.0]] * 4
    people = [
        history([0, 1, 2], [5.0, 1.0, 5.0]),
        history([0, 1, 3], [1.0, 5.0, 1.0]),
        history([1, 2, 3], [1.0, 1.0, 5.0]),
    ]
    expected = [1 - 0.3, -0.3 + 1, -0.6]
    together = knowing(alike, 2).score(Histories.of(people))
    assert np.allclose(together[:, 0], expected)
    for person, right in zip(people, expected, strict=True):
        assert np.allclose(knowing(alike, 2).score(Histories.of([person]))[0], right)
