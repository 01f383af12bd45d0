"""CDL: the joint loss and the exact fold-in, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.models.side_information.cdl import CDL, CDLConfig, CDLNetwork
from tests.models.histories import batch_of
from tests.models.planted import Planted


def test_the_loss_is_the_sum_of_its_four_terms() -> None:
    model = CDL(CDLConfig(dim=2, hidden=3, noise=0, unobserved=0.1, lambda_u=0.5, lambda_v=2.0, lambda_n=3.0))
    torch.manual_seed(0)
    network = CDLNetwork(4, model.config)
    network.texts, network.known = torch.randn(4, 384), torch.tensor([[1.0], [1.0], [0.0], [1.0]])
    network.people = torch.nn.Embedding(1, 2)
    torch.nn.init.constant_(network.offset, 0.3)
    batch = batch_of([[0, 1]], 4)
    batch.people = torch.tensor([0])
    with torch.no_grad():
        code, u = network.encode(network.texts), network.people.weight[0]
        v = code + torch.tensor([[0.3], [0.3], [0.0], [0.3]])
        missed = (1 - u @ v[0]) ** 2 + (1 - u @ v[1]) ** 2 + 0.1 * (u @ v[3]) ** 2 + 0.5 * u @ u
        rebuilt = (network.decode(code) - network.texts).square().mean()
        by_hand = missed / 2 + 2 * (6 * 0.09 / 8) + 3 * rebuilt / 384
        torch.testing.assert_close(model.loss(network, batch), by_hand)


def test_a_person_is_folded_in_exactly() -> None:
    model = CDL(CDLConfig(dim=2, unobserved=0.1, lambda_u=0.5))
    network = CDLNetwork(3, model.config)
    v, c, x = np.array([[1.0, 0.5], [0.2, -1.0], [0.7, 0.7]]), np.array([1.0, 0.1, 1.0]), np.array([1.0, 0.0, 1.0])
    network.v = torch.from_numpy(v).float()
    u = np.linalg.solve(v.T @ np.diag(c) @ v + 0.5 * np.eye(2), v.T @ (c * x))
    assert np.allclose(model.scores(network, batch_of([[2, 0]], 3))[0].detach(), v @ u, atol=1e-5)


def test_a_movie_that_nobody_rated_is_its_code_and_people_are_not_kept(planted: Planted) -> None:
    model = CDL(CDLConfig(**{**CDL.quick, "epochs": 2})).fit(planted.interactions, planted.catalog)
    with torch.no_grad():
        code = model.net.code()
    torch.testing.assert_close(model.net.v[planted.cold], code[planted.cold])
    assert not torch.allclose(model.net.v[planted.rings[0]], code[planted.rings[0]])
    assert not [name for name in model.state() if "people" in name]
