"""New movies among rated ones, by hand."""

from __future__ import annotations

import torch

from recommender.layers.standing import stood


def test_what_features_say_gets_the_mean_and_the_spread_of_the_scores() -> None:
    scores, say = torch.tensor([[0.0, 10.0], [5.0, 5.0]]), torch.tensor([[1.0, 2.0], [1.0, 2.0]])
    new = torch.tensor([[2.0, 1.5, 3.0], [2.0, 1.5, 3.0]])
    torch.testing.assert_close(stood(new, say, scores), torch.tensor([[10.0, 5.0, 20.0], [5.0, 5.0, 5.0]]))


def test_features_that_say_the_same_of_every_movie_say_nothing() -> None:
    placed = stood(torch.tensor([[1.0]]), torch.ones(1, 3), torch.tensor([[0.0, 3.0, 6.0]]))
    torch.testing.assert_close(placed, torch.tensor([[3.0]]))


def test_without_a_rated_movie_it_is_what_it_was() -> None:
    new = torch.tensor([[1.0, 2.0]])
    assert stood(new, torch.zeros(1, 0), torch.zeros(1, 0)) is new
