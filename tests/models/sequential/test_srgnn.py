"""The session graph and its gated network, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.layers.session_graph import GatedGraph, session_graph
from recommender.models.sequential.srgnn import SRGNNConfig, SRGNNNetwork
from tests.models.histories import assert_reads_order, batch_of, numbered, states


def test_the_graph_of_a_session_with_returns() -> None:
    """v1 -> v2 -> v3 -> v2 -> v4, the example of Wu et al. (2019): from v2 one half each to v3 and v4."""
    batch = batch_of([[1, 2, 3, 2, 4], [5, 6]], 9)
    node, outgoing, incoming = session_graph(batch.items, batch.mask)
    assert node[0].tolist() == [0, 1, 2, 1, 4]
    expected_out = np.zeros((5, 5))
    expected_out[0, 1], expected_out[1, [2, 4]], expected_out[2, 1] = 1, 0.5, 1
    expected_in = np.zeros((5, 5))
    expected_in[1, [0, 2]], expected_in[2, 1], expected_in[4, 1] = 0.5, 1, 1
    assert np.allclose(outgoing[0], expected_out)
    assert np.allclose(incoming[0], expected_in)


def test_a_step_that_is_taken_twice_counts_twice() -> None:
    batch = batch_of([[1, 2, 1, 2, 1, 3]], 9)
    _, outgoing, _ = session_graph(batch.items, batch.mask)
    assert np.allclose(outgoing[0, 0, [1, 5]], [2 / 3, 1 / 3])


def test_what_is_filled_up_has_no_edges() -> None:
    batch = batch_of([[1, 2, 3, 4], [5, 6]], 9)
    _, outgoing, incoming = session_graph(batch.items, batch.mask)
    assert outgoing[1].sum() == incoming[1].sum() == 1
    assert outgoing[1, 0, 1] == incoming[1, 1, 0] == 1


def test_a_round_of_the_gated_network() -> None:
    graph = numbered(GatedGraph(dim=2, rounds=1))
    v = torch.tensor([[[1.0, 0.0], [0.0, 2.0]]])
    outgoing, incoming = torch.tensor([[[0.0, 1.0], [0.0, 0.0]]]), torch.tensor([[[0.0, 0.0], [1.0, 0.0]]])
    with torch.no_grad():
        got = graph(v, outgoing, incoming)[0]
        from_others_0 = torch.cat([torch.zeros(2), graph.H_out(v[0, 1])])  # nothing leads into node 0; it leads to 1
        from_others_1 = torch.cat([graph.H_in(v[0, 0]), torch.zeros(2)])
        expected = graph.cell(torch.stack([from_others_0, from_others_1]), v[0])
    assert torch.allclose(got, expected)


def test_the_neighbours_in_the_batch_change_nothing_and_order_does() -> None:
    network = numbered(SRGNNNetwork(9, SRGNNConfig(dim=4)))
    with torch.no_grad():
        beside = network(batch_of([[1, 2, 3, 4, 5], [6, 7]], 9))
    assert torch.allclose(beside[1], states(network, [6, 7]), atol=1e-6)
    assert_reads_order(network)
