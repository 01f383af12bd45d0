"""What a model would have done where a log left it to chance, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.exploration.judging import Predicted, Shown, log_of, predicted, target_of
from recommender.exploration.off_policy import ips, weights

SHOWN = [
    Shown(person=7, moment=0, item=2, propensity=0.25, reward=1.0, above=()),
    Shown(person=7, moment=0, item=3, propensity=0.5, reward=0.0, above=(2, 0)),
    Shown(person=9, moment=1, item=1, propensity=0.2, reward=1.0, above=(4,)),
]
LISTS = np.array([[2, 0, 4, 3], [3, 2, -1, -1]], np.int32)
"""A model's first movies at two moments; at the second it has but two."""


def test_it_shows_one_of_its_own_that_is_not_there_yet() -> None:
    """Of 2, 0, 4, 3 each has 1/4; once 2 and 0 stand above, 3 has 1/2; movie 1 is in no list."""
    rewards = np.array([[0.1, 0.2, 0.3, 0.4, 0.5], [1, 1, 1, 1, 1]])
    target = target_of(SHOWN, LISTS, Predicted(rewards, np.zeros(3, np.int64)))
    assert target.chances.tolist() == [0.25, 0.5, 0]
    assert target.predicted.tolist() == [0.3, 0.4, 0.2]
    assert target.hoped == pytest.approx([(0.3 + 0.1 + 0.5 + 0.4) / 4, (0.5 + 0.4) / 2, (0.4 + 0.3) / 2])
    assert ips(log_of(SHOWN), target).value == pytest.approx((1 * 1 + 1 * 0 + 0) / 3)
    assert weights(log_of(SHOWN), target)[1].mean == pytest.approx(2 / 3)


def test_a_model_whose_whole_list_stands_above_shows_nothing() -> None:
    target = target_of(
        [Shown(1, 0, 2, 0.5, 1.0, (2, 0, 4, 3))], LISTS, Predicted(np.full((2, 5), 0.5), np.zeros(1, np.int64))
    )
    assert target.chances.tolist() == target.hoped.tolist() == [0]


def test_rewards_are_told_by_the_others() -> None:
    """Person 9 alone tells person 7, and the other way round; a line needs two movies that the crowd tells apart."""
    crowd = np.array([0.2, 0.4, 0.6, 0.8])
    shown = [
        Shown(7, 0, 0, 0.5, 0.0, ()),
        Shown(7, 0, 3, 0.5, 1.0, ()),
        Shown(9, 1, 1, 0.5, 1.0, ()),
        Shown(9, 1, 2, 0.5, 0.0, ()),
    ]
    q = predicted(shown, crowd)
    assert q.half.tolist() == [0, 0, 1, 1]
    assert q.rewards[0] == pytest.approx([1, 1, 0, 0]), (
        "as person 9: the better the crowd, the worse; never beyond 0 and 1"
    )
    assert q.rewards[1] == pytest.approx([0, 1 / 3, 2 / 3, 1]), "as person 7"
    alone = predicted(shown[:2], crowd)
    assert not alone.rewards[alone.half].any(), "nobody else: nothing is predicted"
