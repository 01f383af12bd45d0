"""FMLP-Rec's learnable filter is a circular convolution."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from recommender.models.sequential.fmlprec import Filter, FMLPRecConfig, FMLPRecNetwork
from tests.models.histories import assert_reads_order, batch_of, numbered, states


@pytest.mark.parametrize("length", [5, 6])
def test_multiplying_spectra_is_a_circular_convolution(length: int) -> None:
    signal, kernel = np.random.default_rng(1).normal(size=(2, length, 3))
    layer = Filter(length, 3, dropout=0)
    spectrum = np.fft.rfft(kernel, axis=0)
    with torch.no_grad():
        layer.W.copy_(torch.view_as_real(torch.from_numpy(spectrum)))
        got = layer.filtered(torch.from_numpy(signal)[None].float())[0]
    expected = [sum(kernel[k] * signal[(t - k) % length] for k in range(length)) for t in range(length)]
    assert np.allclose(got, expected, atol=1e-5)


def test_a_filter_of_ones_changes_nothing() -> None:
    layer, x = Filter(4, 2, dropout=0), torch.randn(1, 4, 2)
    with torch.no_grad():
        layer.W.copy_(torch.tensor([1.0, 0.0]).expand_as(layer.W))
    assert torch.allclose(layer.filtered(x), x, atol=1e-6)


def test_neighbours_change_nothing_and_order_does() -> None:
    network = numbered(FMLPRecNetwork(9, FMLPRecConfig(dim=4, max_length=6)))
    with torch.no_grad():
        beside = network(batch_of([[1, 2, 3, 4, 5], [6, 7]], 9))
    assert torch.allclose(beside[1], states(network, [6, 7]), atol=1e-5)
    assert_reads_order(network)
