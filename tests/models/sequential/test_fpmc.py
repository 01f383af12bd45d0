"""FPMC is a taste plus a transition, by hand."""

from __future__ import annotations

import torch

from recommender.models.sequential.fpmc import FPMC, FPMCNetwork
from recommender.training.presets import WindowsConfig
from tests.models.histories import assert_causal, batch_of, numbered, states


def test_the_score_is_the_sum_of_taste_and_transition() -> None:
    network = numbered(FPMCNetwork(9, WindowsConfig(dim=4)))
    with torch.no_grad():
        got = FPMC().scores(network, batch_of([[1, 4, 2]], 9))[0]
        v_u, v_l = network.items.weight[[1, 4, 2]].mean(dim=0), network.LI.weight[2]
        for i in range(9):
            expected = v_u @ network.IU.weight[i] + v_l @ network.IL.weight[i] + network.bias()[i]
            assert torch.isclose(got[i], expected, atol=1e-5)


def test_it_is_causal_and_only_the_last_place_matters() -> None:
    network = numbered(FPMCNetwork(9, WindowsConfig(dim=4)))
    assert_causal(network)
    assert torch.allclose(states(network, [1, 4, 2])[-1], states(network, [4, 1, 2])[-1], atol=1e-6)
    assert not torch.allclose(states(network, [1, 4, 2])[-1], states(network, [1, 2, 4])[-1], atol=1e-3)
