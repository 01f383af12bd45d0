"""HybridMF: scores as sums over features, by hand."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import torch

from recommender.models.side_information.hybridmf import HybridMF, HybridMFConfig, HybridMFNetwork
from tests.models.histories import assert_causal, batch_of


def described(n_items: int = 9) -> HybridMFNetwork:
    torch.manual_seed(0)
    network = HybridMFNetwork(n_items, HybridMFConfig(dim=2))
    values = sp.csr_array(np.eye(n_items, 4, dtype=np.float32))
    for part in (network.read, network.offered):
        part.describe(values, np.arange(n_items) != 1)
    network.eval()
    with torch.no_grad():
        HybridMF().settle(network)
    return network


def test_a_person_is_the_mean_of_their_movies_and_scores_have_a_bias() -> None:
    network = described()
    read, offered = network.read().detach(), network.offered().detach()
    with torch.no_grad():
        got = HybridMF().scores(network, batch_of([[0, 2]], 9))[0]
    plain, rated = offered[:, :2] @ (read[0] + read[2]) / 2 + offered[:, 2], torch.arange(9) != 1
    torch.testing.assert_close(got[rated], plain[rated])


def test_a_movie_that_nobody_rated_stands_where_its_features_have_it() -> None:
    """Movies 4 to 8 have no features, of which nothing is said; movies 0, 2 and 3 have one each, of which that of movie 1 is made."""
    network = described()
    with torch.no_grad():
        network.offered.E[:, :] = torch.tensor([[0.0, 0.0, 3.0], [0.0, 0.0, 2.0], [0.0, 0.0, 1.0], [0.0, 0.0, 2.0]])
        HybridMF().settle(network)
        got = HybridMF().scores(network, batch_of([[0, 2]], 9))[0]
    rated = got[torch.arange(9) != 1].sort(descending=True).values
    torch.testing.assert_close(got[1], rated[1], msg="features say 3, 2 and 1 of three rated movies and 2 of this one")


def test_a_movie_that_nobody_rated_is_its_features_alone() -> None:
    network = described()
    torch.testing.assert_close(network.table()[1].detach(), network.offered.E.detach()[1, :2])


def test_in_training_bias_and_vectors_of_a_step_go_without_the_same_names() -> None:
    network = described().train()
    table, bias = network.table(), network.bias()
    rated = torch.arange(9) != 1
    assert torch.equal(torch.cat([table, bias[:, None]], dim=1)[rated], network.now[rated])
    assert bias[1] < -1_000, "a movie that nobody rated is no rival in training"


def test_it_is_causal_and_forgets_the_order() -> None:
    network = described()
    assert_causal(network)
    with torch.no_grad():
        one, other = network(batch_of([[0, 1, 2], [2, 0, 1]], 9))[:, -1]
    torch.testing.assert_close(one, other)
