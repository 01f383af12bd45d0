"""Expected gain: a small world in which it can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recommender.data import Histories
from recommender.elicitation import Crowd, Interview, Verdict, expected_gain, first_questions
from recommender.elicitation.gain import CUT, DISCOUNT

N_ITEMS = 40
"""Items 0 to 2 are asked about; 10 to 19 and 20 to 29 are two tastes, of which 10 to 19 is shown to everybody at first."""


def world() -> Crowd:
    """Ten people: all know item 0; the five who love item 1 like 20 to 29, the five who do not know it like 10 to 19."""
    verdict = np.zeros((10, N_ITEMS), np.int8)
    verdict[:, 0] = Verdict.LOVED
    verdict[:5, 1] = Verdict.LOVED
    verdict[:5, 20:30] = Verdict.LOVED
    verdict[5:, 10:20] = Verdict.LOVED
    levels = np.zeros((3, 6))
    levels[:, 0], levels[:, 5] = [0, 0.5, 1], [1, 0.5, 0]
    return Crowd(verdict, np.array([0, 1, 2], np.int32), levels)


def score(histories: Histories) -> NDArray[np.float32]:
    """A model that has understood: 20 to 29 for those who loved item 1, 10 to 19 for all others."""
    scores = np.tile(np.linspace(0.1, 0, N_ITEMS, dtype=np.float32), (len(histories), 1))
    for person in range(len(histories)):
        mine = slice(histories.offsets[person], histories.offsets[person + 1])
        loved = (histories.items[mine] == 1) & (histories.ratings[mine] >= 4)
        scores[person, 20 : 30 if loved.any() else 20] += 2
        if not loved.any():
            scores[person, 10:20] += 2
    return scores


def test_the_question_that_turns_the_list_around_is_worth_most() -> None:
    gains = expected_gain(score, world(), Interview.opening())
    assert gains.items.tolist()[0] == 1
    assert gains.gain.tolist() == pytest.approx([0.5, 0, 0]), (
        "half of the people go from nothing right to all ten right"
    )
    assert gains.chance[0].tolist() == pytest.approx([0.5, 0, 0, 0.5])
    assert gains.moved[0] == pytest.approx(CUT)
    assert gains.moved[1:].tolist() == pytest.approx([0, 0])


def test_the_gain_follows_like_minded_people() -> None:
    """After an answer that agrees with those who do not know item 1, the question is worth less."""
    after = expected_gain(score, world(), Interview.opening().told(15, 5.0))
    chance = dict(zip(after.items.tolist(), after.chance, strict=True))[1]
    assert chance[Verdict.LOVED] == pytest.approx(1 / 3)
    assert 0.3 < after.gain[after.items == 1][0] < 0.5


def test_a_movie_that_is_in_the_list_is_no_loss_when_it_is_asked_about() -> None:
    """Its own place in the list does not count, before or after: only the rest is compared."""
    crowd = world()
    crowd.questions[2] = 12
    gains = expected_gain(score, crowd, Interview.opening())
    assert gains.gain[gains.items == 12].tolist() == pytest.approx([0])


def test_an_answered_world_and_a_small_catalogue_are_no_trouble() -> None:
    everything = Interview.opening().told(0, 5).told(1, 5).told(2, None)
    gains = expected_gain(score, world(), everything)
    assert len(gains.items) == len(gains.gain) == len(gains.chance) == len(gains.moved) == 0
    tiny = Crowd(np.array([[3, 3, 0]], np.int8), np.array([0, 1], np.int32), np.full((2, 6), 1 / 6))
    few = expected_gain(lambda histories: np.ones((len(histories), 3), np.float32), tiny, Interview.opening())
    assert np.isfinite(few.gain).all()


def test_only_so_many_candidates_are_weighed_the_best_known_first() -> None:
    assert expected_gain(score, world(), Interview.opening(), candidates=2).items.tolist() == [1, 0]


def test_the_first_set_is_ordered_for_those_who_have_not_seen_the_ones_before() -> None:
    assert first_questions(score, world(), 2)[0] == 1
    assert sorted(first_questions(score, world(), 9)) == [0, 1, 2]


def test_the_discount_is_that_of_ndcg() -> None:
    assert DISCOUNT[:2].tolist() == pytest.approx([1, 1 / np.log2(3)])
