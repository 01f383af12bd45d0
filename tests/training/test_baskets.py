"""Baskets, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.training.baskets import Baskets, mean_rating, multi_hot
from tests.training.worlds import histories, person

RNG = np.random.default_rng(0)
N_ITEMS = 5


def baskets(max_length: int = 10) -> Baskets:
    people = histories(person([1, 2, 1], [5.0, 0.5, 4.0]), person([]), person([4]))
    return Baskets(people, max_length, N_ITEMS)


def test_everybody_with_a_rating_is_one_example_and_known_by_name() -> None:
    examples = baskets()
    assert len(examples) == 2
    batch = examples.batch(np.array([1, 0]), RNG)
    assert batch.items.tolist() == [[4, N_ITEMS, N_ITEMS], [1, 2, 1]]
    assert batch.people is not None
    assert batch.people.tolist() == [2, 0]
    assert batch.targets is None
    assert batch.weight == 2


def test_of_a_long_history_the_last_ratings_are_read() -> None:
    assert baskets(max_length=2).batch(np.array([0]), RNG).items.tolist() == [[2, 1]]


def test_mixed_baskets_are_read_whole_and_stand_in_any_order() -> None:
    """Examples of one length are not sorted."""
    people = histories(person([1, 2, 1]), person([]), person([4]))
    examples = Baskets(people, 2, N_ITEMS, mixed=True)
    assert examples.lengths.tolist() == [2, 2]
    assert examples.batch(np.array([0, 1]), RNG).items.tolist() == [[2, 1], [4, N_ITEMS]]


def test_a_set_knows_neither_order_nor_repetition() -> None:
    batch = baskets().batch(np.array([0, 1]), RNG)
    assert multi_hot(batch, N_ITEMS).tolist() == [[0, 1, 1, 0, 0], [0, 0, 0, 0, 1]]


def test_stars_are_centred_and_what_is_not_rated_is_nothing() -> None:
    batch = baskets().batch(np.array([0, 1]), RNG)
    torch.testing.assert_close(mean_rating(batch, N_ITEMS), torch.tensor([[0, 2.0, -2, 0, 0], [0, 0, 0, 0, 1.5]]))


def test_people_stay_beside_their_baskets_when_a_batch_is_cut() -> None:
    first, second = baskets().batch(np.array([0, 1]), RNG).parts(2)
    assert first.people is not None
    assert second.people is not None
    assert (first.people.tolist(), second.people.tolist()) == ([0], [2])
