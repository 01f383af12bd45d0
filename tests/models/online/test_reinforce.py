"""REINFORCE's corrections, by hand."""

from __future__ import annotations

import math

import pytest
import torch

from recommender.models.online.reinforce import (
    REINFORCE,
    REINFORCEConfig,
    REINFORCENetwork,
    importance,
    returns,
    top_k,
)
from recommender.training.batch import NOTHING, Batch


def test_lambda_k_by_hand() -> None:
    """K (1 - π)^(K-1): with K = 2 and π = 1/4 it is 3/2; with K = 1 nothing is corrected; certain to be shown, it learns nothing."""
    log_pi = torch.tensor([0.25, 0.5, 1.0]).log()
    assert top_k(log_pi, 2).tolist() == pytest.approx([1.5, 1.0, 0.0])
    assert top_k(log_pi, 1).tolist() == pytest.approx([1, 1, 1])
    assert top_k(torch.tensor([0.1]).log(), 16).tolist() == pytest.approx([16 * 0.9**15], rel=1e-5)


def test_lambda_k_is_the_slope_of_being_among_k() -> None:
    """1 - (1 - π)^K has the derivative K (1 - π)^(K-1)."""
    pi = torch.tensor([0.03, 0.3], dtype=torch.float64, requires_grad=True)
    (1 - (1 - pi) ** 5).sum().backward()
    assert pi.grad is not None
    assert top_k(pi.detach().log(), 5).tolist() == pytest.approx(pi.grad.tolist())


def test_importance_weights_by_hand() -> None:
    pi, beta = torch.tensor([0.2, 0.1, 0.9]), torch.tensor([0.1, 0.4, 0.001])
    assert importance(pi.log(), beta.log(), 20.0).tolist() == pytest.approx([2, 0.25, 20])


def test_rewards_and_returns_by_hand() -> None:
    stars = torch.tensor([[5.0, 2.0, 3.5, 0.0]])
    assert returns(stars, 0.0)[0].tolist() == pytest.approx([1, 0, 0.4, 0])
    assert returns(stars, 0.5)[0].tolist() == pytest.approx([1 + 0.25 * 0.4, 0.5 * 0.4, 0.4, 0])


def test_the_loss_by_hand_and_beta_does_not_move_the_state() -> None:
    """One choice of three movies from a state of 0: π = β = 1/3, so ω = 1, λ_2 = 4/3, R = 1; loss (1 + 4/3) ln 3."""
    model = REINFORCE(REINFORCEConfig(dim=2, k=2, dropout=0))
    network = REINFORCENetwork(3, model.config)
    with torch.no_grad():
        for parameter in network.gru.parameters():
            parameter.zero_()  # the state is 0, whatever is read
        network.behaviour.weight[:] = torch.tensor([[1.0, 0], [0, 1], [1, 1]])
    batch = Batch(
        items=torch.tensor([[0, 1]]),
        ratings=torch.full((1, 2), 4.0),
        timestamps=torch.zeros((1, 2), dtype=torch.int64),
        lengths=torch.tensor([2]),
        targets=torch.tensor([[2, NOTHING]]),
        target_ratings=torch.tensor([[5.0, 0.0]]),
    )
    loss = model.loss(network, batch)
    assert loss.item() == pytest.approx((1 + 4 / 3) * math.log(3))
    loss.backward()
    # d/db of the policy: ω λ R (π - y) = 4/3 (1/3, 1/3, -2/3); of β: (1/3, 1/3, -2/3)
    assert network.item_bias.delta.grad.tolist() == pytest.approx([4 / 9, 4 / 9, -8 / 9])
    assert network.behaviour_bias.delta.grad.tolist() == pytest.approx([1 / 3, 1 / 3, -2 / 3])

    before = [parameter.grad.clone() for parameter in network.gru.parameters()]
    network.zero_grad()
    with torch.no_grad():
        network.behaviour.weight.mul_(7)  # at a state of 0 β stays the same, and so must the gradient of the state
    model.loss(network, batch).backward()
    for parameter, earlier in zip(network.gru.parameters(), before, strict=True):
        assert torch.allclose(parameter.grad, earlier)


def test_what_earned_nothing_teaches_the_policy_nothing() -> None:
    model = REINFORCE(REINFORCEConfig(dim=2, dropout=0))
    network = REINFORCENetwork(3, model.config)
    batch = Batch(
        items=torch.tensor([[0]]),
        ratings=torch.full((1, 1), 4.0),
        timestamps=torch.zeros((1, 1), dtype=torch.int64),
        lengths=torch.tensor([1]),
        targets=torch.tensor([[2]]),
        target_ratings=torch.tensor([[1.0]]),
    )
    model.loss(network, batch).backward()
    assert not network.item_bias.delta.grad.any()
    assert network.behaviour_bias.delta.grad.any(), "but the behaviour is learnt from every choice"
