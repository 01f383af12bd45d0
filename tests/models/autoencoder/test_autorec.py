"""AutoRec: the masked loss, both bases, and the fold-in, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.data import Histories
from recommender.models.autoencoder.autorec import AutoRec, AutoRecConfig, AutoRecNetwork, squared_error
from recommender.training.baskets import transposed
from tests.models.histories import batch_of, numbered
from tests.models.planted import Planted, close, hits, pulls


def test_only_rated_movies_count_in_the_papers_loss() -> None:
    predicted, rating = torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([[2.0, 0.0, 0.0]])
    rated = torch.tensor([[1.0, 0.0, 1.0]])
    torch.testing.assert_close(squared_error(predicted, rating, rated, 0.0), torch.tensor((1 + 9) / 2))
    torch.testing.assert_close(squared_error(predicted, rating, rated, 0.5), torch.tensor((1 + 0.5 * 4 + 9) / 2.5))


def test_the_network_reads_stars_from_two_and_a_half() -> None:
    model = AutoRec(AutoRecConfig(dim=2))
    network = numbered(AutoRecNetwork(3, model.config))
    r = torch.tensor([0.0, 1.5, 1.5])  # four stars each
    by_hand = network.W.weight @ torch.sigmoid(network.V.weight @ r + network.V.bias) + network.W.bias
    with torch.no_grad():
        torch.testing.assert_close(model.scores(network, batch_of([[1, 2]], 3))[0], by_hand.detach())


def test_movies_as_the_people_who_rated_them() -> None:
    people = Histories.of([([2, 0], [5, 1], [0, 1]), ([0], [3], [0])])
    movies = transposed(people, 4)
    assert movies.lengths.tolist() == [2, 0, 1, 0]
    assert movies.items.tolist() == [0, 1, 0]
    assert movies.ratings.tolist() == [1, 3, 5]


def test_a_person_is_folded_in_by_weighted_least_squares() -> None:
    model = AutoRec(AutoRecConfig(basis="item", dim=1, unobserved=0.5, ridge=2.0))
    H = np.array([[0.2, 1.0], [0.9, 1.0], [0.4, 1.0]])
    r, weight = np.array([2.0, 0.0, -1.5]), np.array([1.0, 0.5, 1.0])
    w = np.linalg.solve(H.T @ np.diag(weight) @ H + 2 * np.eye(2), H.T @ (weight * r))
    network = AutoRecNetwork(3, model.config)
    network.hidden = torch.from_numpy(H).float()
    batch = batch_of([[0, 2]], 3)
    batch.ratings = torch.tensor([[4.5, 1.0]])
    assert np.allclose(model.scores(network, batch)[0], H @ w, atol=1e-5)


def test_the_movies_variant_knows_taste_too_and_keeps_no_people(planted: Planted) -> None:
    model = AutoRec(AutoRecConfig(**AutoRec.quick, basis="item")).fit(planted.interactions, planted.catalog)
    assert hits(model, planted, 6) >= 0.8
    disliked, liked = pulls(model, planted)
    assert disliked <= 0 < liked
    assert sorted(model.state()) == ["known", "net.hidden", "popular"]
    loaded = AutoRec(model.config)
    loaded.restore(model.state())
    assert close(model.score(planted.histories()), loaded.score(planted.histories()))
