"""CDAE: the layer with people, by hand, and the answer without them."""

from __future__ import annotations

import torch

from recommender.models.autoencoder.cdae import CDAE, PEOPLE, CDAEConfig, CDAENetwork
from tests.models.histories import batch_of, numbered
from tests.models.planted import Planted


def test_a_persons_own_node_stands_beside_the_list() -> None:
    network = numbered(CDAENetwork(3, CDAEConfig(dim=2, activation="sigmoid")))
    x, own = torch.tensor([1.0, 0, 1]), torch.tensor([0.5, -1.0])
    z = torch.sigmoid(network.W.weight[:, 0] + network.W.weight[:, 2] + network.W.bias + own)
    with torch.no_grad():
        got = network(x[None], own[None])[0]
    torch.testing.assert_close(got, (network.W_out.weight @ z + network.W_out.bias).detach())


def test_a_loss_without_chance_is_the_logistic_one_over_all_movies() -> None:
    """With so many negatives that every movie is drawn: 0 logits miss each of the three by ln 2."""
    model = CDAE(CDAEConfig(dim=2, negatives=10_000, dropout=0))
    network = CDAENetwork(3, model.config)
    network.people = torch.nn.Embedding(1, 2)
    torch.nn.init.zeros_(network.W_out.weight)
    torch.nn.init.zeros_(network.W_out.bias)
    batch = batch_of([[1]], 3)
    batch.people = torch.tensor([0])
    torch.testing.assert_close(model.loss(network, batch), torch.tensor(2.0).log())


def test_people_are_trained_and_not_kept(planted: Planted) -> None:
    model = CDAE(CDAEConfig(**{**CDAE.quick, "epochs": 1})).fit(planted.interactions, planted.catalog)
    assert model.net.people.weight.shape == (160, 8)
    assert not [name for name in model.state() if "people" in name], f"{PEOPLE} is left out"
