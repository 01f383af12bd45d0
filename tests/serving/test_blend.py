"""Several goals in one list: by hand, and what holds for any wishes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from recommender.data import Interactions
from recommender.serving.blend import Wishes, blend, rarity, utility

WATCH = [0.8, 0.4, 0.2, 0.1]
LIKE = [0.1, 0.3, 0.2, 0.1]
P = np.array([WATCH, LIKE], np.float32)
RARE = np.log([1.0, 2.0, 4.0, 16.0])
KINDS = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)
ALL = np.ones(4, bool)


def ids(wishes: Wishes, offered: np.ndarray = ALL, k: int = 4) -> list[int]:
    return blend(P, RARE, KINDS, offered, wishes, k)[0].tolist()


def test_utility_is_a_product_of_powers() -> None:
    found = utility(P, RARE, Wishes((1, 0.5), novelty=1))
    expected = [math.log(w * like**0.5 * r) for w, like, r in zip(WATCH, LIKE, [1, 2, 4, 16], strict=True)]
    assert found == pytest.approx(expected, rel=1e-6)


def test_each_slider_pulls_its_way() -> None:
    assert ids(Wishes((1, 0))) == [0, 1, 2, 3]
    assert ids(Wishes((0, 1)))[:2] == [1, 2]
    assert ids(Wishes((1, 0), novelty=1)) == [3, 0, 1, 2]  # .1 x 16 = 1.6, then .8 three times: the first comes first
    # Of the range of utility the second lies .67 up and is like the first; the third .33 up and unlike it.
    assert ids(Wishes((1, 0), diversity=0.9)) == [0, 2, 1, 3]


def test_what_is_not_offered_is_not_in_the_list_and_nothing_is_nan() -> None:
    assert ids(Wishes((1, 0)), np.array([False, True, True, False])) == [1, 2]
    nothing = blend(np.zeros((2, 4)), RARE, KINDS, ALL, Wishes((0.5, 0.5), 0.5, 0.5), 4)
    assert np.isfinite(nothing[1]).all()
    assert ids(Wishes((1, 0)), np.zeros(4, bool)) == []


def test_rarity_counts_raters_and_takes_an_unrated_movie_for_rated_once() -> None:
    interactions = Interactions.from_columns([1, 1, 2, 3], [0, 1, 0, 0], [4.0] * 4, [0] * 4)
    assert rarity(interactions, 3) == pytest.approx([0, math.log(3), math.log(3)])


weights = some.floats(0, 1, width=32)


@given(seed=some.integers(0, 999), watch=weights, like=weights, novelty=weights, diversity=weights)
def test_any_wishes_give_a_list_of_different_offered_movies(
    seed: int, watch: float, like: float, novelty: float, diversity: float
) -> None:
    random = np.random.default_rng(seed)
    offered = random.random(50) < 0.7
    kinds = (random.random((50, 5)) < 0.3).astype(np.float32)
    wishes = Wishes((watch, like), novelty, diversity)
    items, scores = blend(random.random((2, 50)), 5 * random.random(50), kinds, offered, wishes, 10)
    assert len(items) == min(10, offered.sum())
    assert len({*items.tolist()}) == len(items)
    assert offered[items].all()
    assert np.isfinite(scores).all()
    if not diversity:
        assert (np.diff(scores) <= 0).all()


@given(seed=some.integers(0, 999), more=weights)
def test_more_weight_on_novelty_never_makes_the_first_movie_better_known(seed: int, more: float) -> None:
    random = np.random.default_rng(seed)
    p, rare = random.random((1, 30)), 5 * random.random(30)
    kinds, offered = np.ones((30, 1)), np.ones(30, bool)
    first = [rare[blend(p, rare, kinds, offered, Wishes((1.0,), novelty), 1)[0][0]] for novelty in (0.0, more)]
    assert first[1] >= first[0]
