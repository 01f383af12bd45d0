"""NARM's attention, by hand."""

from __future__ import annotations

import torch

from recommender.models.sequential.narm import NARMConfig, NARMNetwork
from tests.models.histories import assert_causal, assert_reads_order, batch_of, numbered


def test_attention_weighs_each_state_by_its_own_sigmoid() -> None:
    """c_t = [h_t ; Σ_j≤t v·σ(A1 h_t + A2 h_j) h_j], the weights not summing to one."""
    network = numbered(NARMNetwork(9, NARMConfig(dim=3)))
    with torch.no_grad():
        got = network(batch_of([[1, 4, 2]], 9))[0]
        h, _ = network.gru(network.items(torch.tensor([[1, 4, 2]])))
        h = h[0]
        A_1, A_2, v = network.A_1.weight, network.A_2.weight, network.v.weight[0]
        for t in range(3):
            local = sum((v @ torch.sigmoid(A_1 @ h[t] + A_2 @ h[j])) * h[j] for j in range(t + 1))
            assert torch.allclose(got[t], network.B.weight @ torch.cat([h[t], local]), atol=1e-6)


def test_it_is_causal_and_reads_order() -> None:
    network = numbered(NARMNetwork(9, NARMConfig(dim=4)))
    assert_causal(network)
    assert_reads_order(network)
