"""MultVAE: divergence, annealing and the bet, by hand."""

from __future__ import annotations

import math

import torch

from recommender.models.autoencoder.multvae import MultVAE, MultVAEConfig, MultVAENetwork, divergence
from tests.models.histories import batch_of, numbered


def test_divergence_from_the_standard_normal() -> None:
    mean, log_variance = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, math.log(4.0)]])
    torch.testing.assert_close(divergence(mean, log_variance), torch.tensor([0.5 * 1 + 0.5 * (4 - 1 - math.log(4))]))


def test_the_weight_of_the_divergence_grows_and_then_stays() -> None:
    network = MultVAENetwork(3, MultVAEConfig(dim=2, hidden=4, beta=0.2, anneal_steps=2))
    grown = [round(float(network.annealed()), 6) for _ in range(4)]
    assert grown == [0.0, 0.1, 0.2, 0.2]


def test_a_basket_is_read_at_length_one_and_answered_without_chance() -> None:
    model, network = MultVAE(MultVAEConfig(dim=2, hidden=3)), MultVAENetwork(4, MultVAEConfig(dim=2, hidden=3))
    numbered(network)
    x = torch.tensor([[1.0, 0, 1, 0]])
    h = torch.tanh(network.read.weight @ (x[0] / math.sqrt(2)) + network.read.bias)
    mean = (network.encode.weight @ h + network.encode.bias)[:2]
    by_hand = network.write.weight @ torch.tanh(network.decode.weight @ mean + network.decode.bias) + network.write.bias
    with torch.no_grad():
        torch.testing.assert_close(model.scores(network, batch_of([[2, 0, 2]], 4))[0], by_hand.detach())
