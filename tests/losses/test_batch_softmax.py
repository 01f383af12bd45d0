"""The in-batch softmax, by hand."""

from __future__ import annotations

import math

import torch

from recommender.losses.batch_softmax import batch_softmax


def test_frequent_targets_are_discounted_and_ones_own_does_not_count_as_another() -> None:
    scores = torch.tensor([[1.0, 2.0, 5.0], [0.0, 1.0, 0.0], [5.0, 0.0, 1.0]])
    log_q = torch.tensor([0.5, 0.25, 0.5]).log()
    loss = batch_softmax(scores, torch.tensor([7, 3, 7]), log_q)

    def share(own: float, *others: float) -> float:
        return -math.log(own / (own + sum(others)))

    e = math.exp
    by_hand = share(2 * e(1), 4 * e(2)) + share(4 * e(1), 2 * e(0), 2 * e(0)) + share(2 * e(1), 4 * e(0))
    torch.testing.assert_close(loss, torch.tensor(by_hand / 3))
