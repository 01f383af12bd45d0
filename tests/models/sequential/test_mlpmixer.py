"""The mixers of MLP-Mixer, by hand."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from recommender.models.sequential.mlpmixer import MixerBlock, MLPMixerConfig, MLPMixerNetwork
from tests.models.histories import assert_reads_order, batch_of, numbered, states

CONFIG = MLPMixerConfig(dim=3, max_length=6, widening=1)


def test_the_sequence_mixer_mixes_places_per_channel_then_the_channel_mixer_channels_per_place() -> None:
    torch.manual_seed(3)
    block, x = numbered(MixerBlock(CONFIG)), torch.randn(1, 6, 3)
    with torch.no_grad():
        y, normed = x[0].clone(), block.norm_1(x[0])
        for channel in range(3):
            mixer = block.sequence
            y[:, channel] += mixer.W_2(F.gelu(mixer.W_1(normed[:, channel])))
        z, normed = y.clone(), block.norm_2(y)
        for place in range(6):
            mixer = block.channel
            z[place] += mixer.W_2(F.gelu(mixer.W_1(normed[place])))
        assert torch.allclose(block(x)[0], z, atol=1e-5)


def test_neighbours_change_nothing_and_order_does() -> None:
    network = numbered(MLPMixerNetwork(9, CONFIG))
    with torch.no_grad():
        beside = network(batch_of([[1, 2, 3, 4, 5], [6, 7]], 9))
    assert torch.allclose(beside[1], states(network, [6, 7]), atol=1e-6)
    assert_reads_order(network)
