"""GC-SAN mixes the graph's last node with attention over all nodes, by hand."""

from __future__ import annotations

import pytest
import torch

from recommender.layers.session_graph import session_graph
from recommender.models.sequential.gcsan import GCSANConfig, GCSANNetwork
from tests.models.histories import assert_reads_order, batch_of, numbered, states


@pytest.mark.parametrize("omega", [0.0, 0.25, 1.0])
def test_omega_shares_the_answer_between_graph_and_attention(omega: float) -> None:
    network, batch = numbered(GCSANNetwork(9, GCSANConfig(dim=4, omega=omega))), batch_of([[1, 4, 2]], 9)
    with torch.no_grad():
        _, outgoing, incoming = session_graph(batch.items, batch.mask)
        H = network.graph(network.items(batch.items), outgoing, incoming)
        E = network.blocks[0](H, batch.mask)
        assert torch.allclose(network(batch)[0], omega * E[0, -1] + (1 - omega) * H[0, -1], atol=1e-5)


def test_a_movie_that_comes_back_has_one_node() -> None:
    network = numbered(GCSANNetwork(9, GCSANConfig(dim=4, omega=0)))
    with torch.no_grad():
        _, outgoing, incoming = session_graph(torch.tensor([[1, 4, 1]]), torch.ones(1, 3, dtype=torch.bool))
        H = network.graph(network.items(torch.tensor([[1, 4, 1]])), outgoing, incoming)
    assert torch.allclose(states(network, [1, 4, 1]), H[0, 0], atol=1e-6)


def test_neighbours_change_nothing_and_order_does() -> None:
    network = numbered(GCSANNetwork(9, GCSANConfig(dim=4)))
    with torch.no_grad():
        beside = network(batch_of([[1, 2, 3, 4, 5], [6, 7]], 9))
    assert torch.allclose(beside[1], states(network, [6, 7]), atol=1e-5)
    assert_reads_order(network)
