"""What makes DIEN: attention that depends on the movie on offer, and states that must tell the next movie."""

from __future__ import annotations

from math import exp, log

import pytest
import torch

from recommender.models.interaction.dien import DIENConfig, DIENNetwork, auxiliary


def test_the_auxiliary_loss_by_hand() -> None:
    h = torch.tensor([[[1.0, 0.0], [0.5, 0.5], [9.0, 9.0]], [[7.0, 7.0], [7.0, 7.0], [7.0, 7.0]]])
    e = torch.tensor([[[8.0, 8.0], [2.0, 1.0], [0.0, 2.0]], [[7.0, 7.0], [7.0, 7.0], [7.0, 7.0]]])
    drawn = torch.tensor([[[8.0, 8.0], [-1.0, 3.0], [1.0, 1.0]], [[7.0, 7.0], [7.0, 7.0], [7.0, 7.0]]])
    filled = torch.tensor([[True, True, True], [True, False, False]])

    def cost(logit: float) -> float:
        return log(1 + exp(-logit))

    right, wrong = (2.0, 1.0), (-1.0, 1.0)  # the first state against the second movie, the second against the third
    by_hand = sum(cost(yes) + cost(-no) for yes, no in zip(right, wrong, strict=True)) / 2
    assert auxiliary(h, e, drawn, filled).item() == pytest.approx(by_hand, abs=1e-6)


def test_the_auxiliary_loss_of_those_who_rated_once_is_nothing() -> None:
    assert auxiliary(*torch.ones(3, 2, 4, 2), torch.tensor([[True, False, False, False]] * 2)).item() == 0


def test_attention_is_a_softmax_over_what_was_watched() -> None:
    network = DIENNetwork(3, DIENConfig(dim=1, max_length=3))
    h = torch.tensor([[[1.0, 0.0], [0.0, 2.0], [5.0, 5.0]]])
    filled, offered = torch.tensor([[True, True, False]]), torch.tensor([[1.0, 3.0]])
    with torch.no_grad():
        network.W.weight.copy_(torch.tensor([[1.0, 0.0], [0.5, 1.0]]))
        loud = [1.0 * 1.0, 2.0 * (0.5 * 1.0 + 3.0)]
        shares = [exp(each) / sum(map(exp, loud)) for each in loud]
        found = network.attention(h, filled, offered)[0].tolist()
    assert found == pytest.approx([*shares, 0.0], abs=1e-6)
