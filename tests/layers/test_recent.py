"""The last ratings of a history, by hand."""

from __future__ import annotations

import torch

from recommender.layers.recent import latest


def test_the_latest_of_the_chosen_ones_stand_in_their_order() -> None:
    chosen = torch.tensor([[True, False, True, True, True], [False, False, True, False, False], [False] * 5])
    at, there = latest(chosen, 3)
    assert at[0].tolist() == [2, 3, 4]
    assert at[1, 0] == 2
    assert there.tolist() == [[True, True, True], [True, False, False], [False, False, False]]


def test_no_more_places_are_given_than_a_history_is_long() -> None:
    at, there = latest(torch.tensor([[True, True]]), 3)
    assert at.tolist() == [[0, 1]]
    assert there.all()
