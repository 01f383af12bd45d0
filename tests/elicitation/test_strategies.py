"""Strategies without a model, against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data import Interactions
from recommender.elicitation import Crowd, Interview, Verdict, mixed
from recommender.elicitation.crowd import MOST_PEOPLE, POOL, verdicts
from recommender.elicitation.strategies import STRATEGIES, entropy0, opinion, popularity, product


def crowd(stars: list[list[float]]) -> Crowd:
    """People by items; 0 is not seen."""
    table = np.asarray(stars, float)
    person, item = np.nonzero(table)
    log = Interactions.from_columns(person, item, table[person, item], np.arange(len(person)))
    return Crowd.of(log, table.shape[1])


FOUR = [[5, 1, 0], [5, 5, 0], [4.5, 0, 2], [5, 0, 0]]
"""Everybody has seen and loved item 0; two of four have seen item 1, at odds; one has seen item 2."""


def test_questions_are_the_most_rated_and_levels_are_shares_of_everybody() -> None:
    made = crowd(FOUR)
    assert made.questions.tolist() == [0, 1, 2]
    assert made.levels[0].tolist() == pytest.approx([0, 0, 0, 0, 0, 1]), "4.5 stars are up to five"
    assert made.levels[1].tolist() == pytest.approx([0.5, 0.25, 0, 0, 0, 0.25])
    assert popularity(made).tolist() == pytest.approx([1, 0.5, 0.25])


def test_entropy_of_opinions_leaves_out_those_who_have_not_seen_it() -> None:
    assert opinion(crowd(FOUR)).tolist() == pytest.approx([0, math.log(2), 0])


def test_entropy0_counts_not_seen_at_half_weight() -> None:
    quarter, half = -0.25 * math.log(0.25), -0.5 * math.log(0.5)
    third = (0.5 * -0.75 * math.log(0.75) + quarter) / 5.5
    assert entropy0(crowd(FOUR)).tolist() == pytest.approx([0, (0.5 * half + 2 * quarter) / 5.5, third])


def test_the_product_is_entropy_times_the_logarithm_of_popularity() -> None:
    assert product(crowd(FOUR)).tolist() == pytest.approx([0, math.log1p(500) * math.log(2), 0])


def test_mixed_prefers_another_genre_to_a_little_more_popularity() -> None:
    made = crowd([[5, 5, 5, 0]] * 9 + [[5, 5, 0, 4]] * 8)
    kinds = {0: ["drama"], 1: ["drama"], 2: ["comedy"], 3: ["drama"]}
    assert made.questions.tolist() == [0, 1, 2, 3]
    assert mixed(made, kinds.__getitem__) == [0, 1, 2, 3], "half the people is too much to give up"
    assert mixed(crowd([[5, 5, 5]] * 9 + [[5, 5, 0]]), kinds.__getitem__) == [0, 2, 1]
    assert mixed(made, lambda item: []) == [0, 1, 2, 3], "nothing known of them: by popularity"


def test_verdicts() -> None:
    assert verdicts([0, 0.5, 2.5, 3, 3.5, 4, 5]).tolist() == [0, 1, 1, 2, 2, 3, 3]


def test_like_minded_people_weigh_more() -> None:
    made = crowd(FOUR)
    assert made.weights(Interview.opening()).tolist() == pytest.approx([0.25] * 4)
    loved = made.weights(Interview.opening().told(1, 5.0))  # agree, so: person 1; disliked: 0; not seen: 2 and 3
    assert loved.tolist() == pytest.approx([0.2, 0.4, 0.2, 0.2])
    fair = made.weights(Interview.opening().told(1, 3.0))  # next to both disliked and loved
    assert fair[0] / fair[2] == pytest.approx(2**0.5)
    unseen = made.weights(Interview.opening().told(1, None))
    assert unseen.tolist() == pytest.approx([1 / 6, 1 / 6, 1 / 3, 1 / 3])


def test_many_answers_leave_more_than_one_twin() -> None:
    rng = np.random.default_rng(0)
    made = crowd(rng.integers(0, 6, (50, 200)).tolist())
    interview = Interview.opening()
    for item in range(200):
        interview = interview.told(item, 5.0)
    assert 1 / (made.weights(interview) ** 2).sum() > 10


def test_what_was_told_is_not_asked_again() -> None:
    made = crowd(FOUR)
    assert made.open_questions(Interview.opening().told(0, 4.0).told(2, None)).tolist() == [1]


def test_large_data_lends_a_fixed_number_of_stand_ins() -> None:
    made = crowd([[4, 3]] * (MOST_PEOPLE + 50))
    assert made.verdict.shape == (MOST_PEOPLE, 2)
    assert made.seen.tolist() == pytest.approx([1, 1])
    assert Verdict(int(made.verdict[0, 0])) is Verdict.LOVED


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 12), st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_any_data_gives_shares_and_finite_worths(people: int, movies: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.choice([0, 0.5, 2, 3.5, 5], (people, movies))
    table[:, 0] = 3
    made = crowd(table.tolist())
    assert 1 <= len(made.questions) <= POOL
    assert np.allclose(made.levels.sum(axis=1), 1)
    assert (made.levels >= -1e-9).all()
    for strategy in STRATEGIES.values():
        worth = strategy(made)
        assert worth.shape == made.questions.shape
        assert np.isfinite(worth).all()
        assert (worth >= -1e-9).all()
