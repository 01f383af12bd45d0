"""The linear recurrence is the loop that it stands for."""

from __future__ import annotations

import pytest
import torch

from recommender.layers.linear_recurrence import linear_recurrence
from recommender.models.sequential.lrurec import LRU, LRURecConfig, LRURecNetwork
from tests.models.histories import assert_causal, assert_reads_order, numbered


@pytest.mark.parametrize("length", [1, 2, 3, 8, 13])
def test_doubling_is_the_loop(length: int) -> None:
    generator = torch.Generator().manual_seed(length)
    decay = torch.polar(torch.rand(3, generator=generator), 6 * torch.rand(3, generator=generator))
    x = torch.randn(2, length, 3, dtype=torch.complex64, generator=generator)
    h, steps = torch.zeros(2, 3, dtype=torch.complex64), []
    for t in range(length):
        h = decay * h + x[:, t]
        steps.append(h)
    torch.testing.assert_close(linear_recurrence(decay, x), torch.stack(steps, dim=1), atol=1e-5, rtol=1e-5)


def test_a_memory_halves_with_every_rating() -> None:
    assert linear_recurrence(torch.tensor([0.5]), torch.tensor([[[8.0], [0], [0], [1]]])).flatten().tolist() == [
        8,
        4,
        2,
        2,
    ]


def test_the_unit_is_the_papers_equations() -> None:
    torch.manual_seed(2)
    unit = LRU(3, 0.8, 0.99)
    x = torch.randn(1, 4, 3)
    with torch.no_grad():
        decay = torch.exp(torch.complex(-unit.nu.exp(), unit.theta.exp()))
        assert ((decay.abs() > 0.79) & (decay.abs() < 1)).all()
        assert torch.allclose(unit.gamma.exp(), (1 - decay.abs() ** 2).sqrt(), atol=1e-4)
        h, expected = torch.zeros(3, dtype=torch.complex64), []
        for t in range(4):
            h = decay * h + unit.gamma.exp() * torch.complex(unit.B_real(x[0, t]), unit.B_imag(x[0, t]))
            expected.append(unit.C_real(h.real) - unit.C_imag(h.imag))
        assert torch.allclose(unit(x)[0], torch.stack(expected), atol=1e-5)


def test_it_is_causal_and_reads_order() -> None:
    network = numbered(LRURecNetwork(9, LRURecConfig(dim=4)))
    assert_causal(network)
    assert_reads_order(network)
