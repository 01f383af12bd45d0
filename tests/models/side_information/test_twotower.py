"""TwoTower: what the towers read, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.data import Histories
from recommender.models.side_information.twotower import TwoTower, TwoTowerConfig, mean_of
from tests.models.histories import batch_of
from tests.models.planted import Planted, history


def test_a_person_is_the_mean_of_what_is_counted() -> None:
    movies = torch.tensor([[1.0, 0.0], [3.0, 2.0], [0.0, 4.0], [0.0, 0.0]])
    batch = batch_of([[0, 1, 2], [2]], 3)
    counted = batch.mask & torch.tensor([[True, True, False], [False, True, True]])
    torch.testing.assert_close(mean_of(movies, batch.items, counted), torch.tensor([[2.0, 1.0], [0.0, 0.0]]))


def test_scores_are_cosines_over_the_temperature(planted: Planted) -> None:
    model = TwoTower(TwoTowerConfig(**{**TwoTower.quick, "epochs": 1})).fit(planted.interactions, planted.catalog)
    network, (one, other) = model.net, planted.rings[0][:2]
    with torch.no_grad():
        u = network.u((network.movies[one] + network.movies[other]) / 2)
        by_hand = network.v @ u / 0.1
        got = model.scores(network, batch_of([[one, other]], len(planted.catalog)))[0]
    torch.testing.assert_close(got, by_hand)
    torch.testing.assert_close(network.v.norm(dim=1), torch.ones(len(planted.catalog)))


def test_dislikes_are_neither_read_nor_asked_for() -> None:
    examples = TwoTower().examples(Histories.of([history([0, 1, 2], [5.0, 1.0, 3.0])]), 3)
    assert examples.batch(np.array([0]), np.random.default_rng(0)).items.tolist() == [[0, 2]]
