"""YouTubeDNN: the mean of the last ratings and the example age, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.layers.running import running_mean
from recommender.models.sequential.youtubednn import YouTubeDNNConfig, YouTubeDNNNetwork
from tests.models.histories import assert_causal, batch_of, numbered, states


def test_the_mean_of_the_last_two() -> None:
    x = torch.tensor([2.0, 4.0, 9.0, 1.0]).view(1, 4, 1)
    assert np.allclose(running_mean(x, window=2).flatten(), [2, 3, 6.5, 5])
    assert np.allclose(running_mean(x).flatten(), [2, 3, 5, 4])
    assert np.allclose(running_mean(x, window=4).flatten(), [2, 3, 5, 4])


def test_age_counts_back_from_the_end_of_training_and_is_zero_for_newcomers() -> None:
    network = numbered(YouTubeDNNNetwork(9, YouTubeDNNConfig(dim=4, layers=1)))
    network.span = torch.tensor([0.0, 2_000.0], dtype=torch.float64)
    fed: list[torch.Tensor] = []
    network.tower.register_forward_pre_hook(lambda _, given: fed.append(given[0]))
    with torch.no_grad():
        network(batch_of([[1]], 9, begin=1_500))
        network(batch_of([[1]], 9, begin=1_600_000_000))
    assert np.allclose(fed[0][0, 0, 4:], [0.25, 0.5, 0.0625])
    assert np.allclose(fed[1][0, 0, 4:], 0)


def test_it_is_causal_and_forgets_the_order() -> None:
    network = numbered(YouTubeDNNNetwork(9, YouTubeDNNConfig(dim=4)))
    assert_causal(network)
    assert torch.allclose(states(network, [1, 4, 2])[-1], states(network, [2, 1, 4])[-1], atol=1e-6)


def test_the_tower_halves() -> None:
    network = YouTubeDNNNetwork(9, YouTubeDNNConfig(dim=4, layers=3))
    widths = [(layer.in_features, layer.out_features) for layer in network.tower if isinstance(layer, torch.nn.Linear)]
    assert widths == [(7, 16), (16, 8), (8, 4)]
