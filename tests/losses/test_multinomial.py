"""The multinomial likelihood, by hand."""

from __future__ import annotations

import math

import torch

from recommender.losses.multinomial import multinomial
from recommender.losses.softmax import softmax


def test_every_movie_of_the_basket_is_missed_by_the_bet_on_it() -> None:
    logits = torch.tensor([[0.0, 0.0, math.log(2)]])  # bets of 1/4, 1/4, 1/2
    missed = multinomial(logits, torch.tensor([[1.0, 0.0, 1.0]]))
    torch.testing.assert_close(missed, torch.tensor([math.log(4) + math.log(2)]))


def test_baskets_of_one_are_the_softmax() -> None:
    logits = torch.tensor([[0.3, -1.0, 2.0], [1.0, 0.5, 0.0]])
    one = multinomial(logits, torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])).mean()
    torch.testing.assert_close(one, softmax(logits, torch.tensor([1, 0])))
