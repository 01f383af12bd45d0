"""RecVAE: the composite prior by hand, and the halves that learn in turns."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from recommender.models.autoencoder.recvae import RecVAE, RecVAEConfig, RecVAENetwork, log_normal
from tests.models.histories import batch_of


def density(z: float, mean: float, variance: float) -> float:
    return math.exp(-((z - mean) ** 2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)


def test_log_normal() -> None:
    got = log_normal(torch.tensor(1.0), torch.tensor(0.5), torch.tensor(math.log(2.0)))
    torch.testing.assert_close(got, torch.tensor(math.log(density(1.0, 0.5, 2.0))))


def test_the_prior_mixes_normal_former_self_and_flat() -> None:
    network = RecVAENetwork(3, RecVAEConfig(dim=1, hidden=2))

    class Former(nn.Module):
        def forward(self, x: Tensor, dropout: float) -> tuple[Tensor, Tensor]:
            assert dropout == 0
            return torch.full((1, 1), 2.0), torch.full((1, 1), math.log(0.25))

    network.former = Former()
    got = network.log_prior(torch.ones(1, 3), torch.tensor([[1.5]]))
    mixed = 0.15 * density(1.5, 0, 1) + 0.75 * density(1.5, 2, 0.25) + 0.1 * density(1.5, 0, math.exp(10))
    torch.testing.assert_close(got, torch.tensor([[math.log(mixed)]]))


def test_encoder_and_decoder_learn_in_turns_and_the_former_self_is_renewed_between() -> None:
    model = RecVAE(RecVAEConfig(dim=2, hidden=4, encoder_turns=2))
    torch.manual_seed(0)
    network, batch = RecVAENetwork(5, model.config), batch_of([[0, 1], [2, 3]], 5)
    network.remember()
    model.turn = 2  # steps in an epoch
    learned, former = [], network.former.mean.weight.clone()
    for step in range(8):
        network.zero_grad()
        model.loss(network, batch).backward()
        learned.append("decoder" if network.decoder.weight.grad is not None else "encoder")
        assert (network.encoder.mean.weight.grad is None) == (learned[-1] == "decoder")
        assert torch.equal(network.former.mean.weight, former) == (step < 4)
        with torch.no_grad():
            network.encoder.mean.weight += 0.1
    assert learned == ["encoder"] * 4 + ["decoder"] * 2 + ["encoder"] * 2
    assert all(weight.grad is None for weight in network.former.parameters())
