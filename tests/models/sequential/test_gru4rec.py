"""GRU4Rec's recurrence, by hand."""

from __future__ import annotations

import math

import pytest
import torch

from recommender.models.sequential.gru4rec import GRU4RecConfig, GRU4RecNetwork
from recommender.training.batch import Batch


def test_two_steps_by_hand() -> None:
    """dim 1; with gates z = σ(z_b), r = σ(0) = 1/2 the state is h = (1 - z) tanh(x + r h') + z h'."""
    network = GRU4RecNetwork(2, GRU4RecConfig(dim=1, dropout=0)).eval().requires_grad_(False)
    network.items.weight[:2, 0] = torch.tensor([0.5, -1.0])
    for parameter in network.gru.parameters():
        parameter.zero_()
    network.gru.weight_ih_l0[2] = 1.0  # PyTorch's order of gates: r, z, n
    network.gru.weight_hh_l0[2] = 1.0
    network.gru.bias_ih_l0[1] = math.log(3)  # z = 3/4
    items = torch.tensor([[0, 1]])
    h = network(Batch(items, torch.zeros(1, 2), torch.zeros_like(items), torch.tensor([2])))[0, :, 0].tolist()
    first = 0.25 * math.tanh(0.5)
    second = 0.25 * math.tanh(-1.0 + 0.5 * first) + 0.75 * first
    assert h == pytest.approx([first, second])


def test_scores_are_the_item_vectors_and_a_bias() -> None:
    network = GRU4RecNetwork(2, GRU4RecConfig(dim=1))
    assert network.table().data_ptr() == network.items.weight.data_ptr()
    assert network.table().shape == (2, 1)
    assert network.bias().tolist() == [0, 0]
