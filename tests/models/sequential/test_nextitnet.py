"""NextItNet's causal convolutions with gaps, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.models.sequential.nextitnet import CausalConvolution, NextItNetConfig, NextItNetNetwork
from tests.models.histories import assert_causal, assert_reads_order, numbered, states


def test_a_filter_with_a_gap_reads_every_second_place() -> None:
    layer = CausalConvolution(dim=1, kernel=3, gap=2)
    with torch.no_grad():
        layer.convolution.weight.copy_(torch.tensor([[[100.0, 10.0, 1.0]]]))  # oldest to newest
        layer.convolution.bias.fill_(0.5)
        y = layer(torch.tensor([1.0, 2, 3, 4, 5, 6]).view(1, 6, 1)).flatten()
    assert np.allclose(y, np.array([1, 2, 13, 24, 135, 246]) + 0.5)


def test_it_is_causal_and_reads_order() -> None:
    network = numbered(NextItNetNetwork(9, NextItNetConfig(dim=4)))
    assert_causal(network)
    assert_reads_order(network)


def test_it_reaches_as_far_as_its_gaps_add_up() -> None:
    """kernel 2, one block: gaps 1 and 2, so three places back."""
    network = numbered(NextItNetNetwork(9, NextItNetConfig(dim=4, kernel=2, blocks=1)))
    person = [1, 4, 2, 7, 3, 0]
    last = states(network, person)[-1]
    assert not torch.allclose(states(network, [1, 4, 8, 7, 3, 0])[-1], last, atol=1e-5)
    assert torch.allclose(states(network, [1, 8, 2, 7, 3, 0])[-1], last, atol=1e-6)
