"""LightGCN on three people and three movies, by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import torch

from recommender.data import Catalog, Histories, Interactions
from recommender.models.sequential.lightgcn import LightGCN, LightGCNConfig, LightGCNNetwork
from tests.models.histories import assert_causal, batch_of, numbered

PEOPLE = [[0, 1], [1, 2], [1]]
A = np.array([[1, 1, 0], [0, 1, 1], [0, 1, 0]], float)
R = A / np.sqrt(A.sum(axis=1, keepdims=True) * A.sum(axis=0))
"""D^-1/2 A D^-1/2: one over the root of both degrees."""


def connected(layers: int, n_items: int = 3) -> LightGCNNetwork:
    network = LightGCNNetwork(n_items, LightGCNConfig(dim=2, layers=layers))
    histories = Histories.of([(items, [5.0] * len(items), range(len(items))) for items in PEOPLE])
    model = LightGCN(LightGCNConfig(dim=2, layers=layers))
    network.counts = torch.from_numpy(np.bincount(histories.items, minlength=n_items).astype(np.float32))
    network.connect(histories)
    numbered(network)
    with torch.no_grad():
        model.settle(network)
    return network


def test_propagation_is_the_papers_matrix_product() -> None:
    network = connected(layers=3)
    e = network.items.weight[:3].detach().numpy()
    assert np.allclose(network.table(), (e + R.T @ R @ e) / 4, atol=1e-6)


def test_five_layers_give_movies_three_terms() -> None:
    network = connected(layers=5)
    e = network.items.weight[:3].detach().numpy()
    assert np.allclose(network.table(), (e + R.T @ R @ e + R.T @ R @ R.T @ R @ e) / 6, atol=1e-6)


def test_a_person_is_folded_in_as_if_they_stood_in_the_graph() -> None:
    """Person 0's vector, the mean over layers 1 and 3, is R_0 (e^(0) + e^(2)) / 4."""
    network = connected(layers=3)
    e = network.items.weight[:3].detach().numpy()
    with torch.no_grad():
        got = network(batch_of([[0, 1]], 3))[0, -1]
    assert np.allclose(got, R[0] @ (e + R.T @ R @ e) / 4, atol=1e-6)


def test_a_movie_that_was_rated_twice_by_one_person_is_one_edge() -> None:
    network = LightGCNNetwork(3, LightGCNConfig(dim=2))
    network.connect(Histories.of([([0, 1, 0], [5.0] * 3, range(3))]))
    assert network.edges.tolist() == [[0, 0], [0, 1]]
    assert np.allclose(network.weights, 1 / np.sqrt(2))


def test_no_state_knows_later_ratings_and_order_is_forgotten() -> None:
    network = connected(layers=3, n_items=9)
    assert_causal(network)
    with torch.no_grad():
        one, other = network(batch_of([[0, 1, 2], [2, 0, 1]], 9))[:, -1]
    assert torch.allclose(one, other, atol=1e-6)


def test_the_best_epoch_is_kept_with_its_table() -> None:
    people = [[(start + step) % 6 for step in range(4)] for start in range(6)]
    rows = [(user, item, 5.0, step) for user, walk in enumerate(people) for step, item in enumerate(walk)]
    movies = Catalog.from_frame(pl.DataFrame({"movie_id": range(6)}))
    model = LightGCN(LightGCNConfig(dim=4, epochs=3)).fit(Interactions.from_columns(*zip(*rows, strict=True)), movies)
    assert torch.allclose(model.net.table(), model.net.propagated() / 4, atol=1e-6)
