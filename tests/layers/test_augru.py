"""AUGRU by hand."""

from __future__ import annotations

from math import tanh

import pytest
import torch

from recommender.layers.augru import AUGRU


def sigmoid(x: float) -> float:
    return 0.5 * (1 + tanh(x / 2))


def test_two_steps_by_hand() -> None:
    augru = AUGRU(1)
    with torch.no_grad():
        augru.W.weight.copy_(torch.tensor([[1.0], [2.0], [3.0]]))
        augru.W.bias.copy_(torch.tensor([0.1, 0.2, 0.3]))
        augru.U.weight.copy_(torch.tensor([[-1.0], [0.5], [2.0]]))
        h = 0.0
        for i, a in ((0.4, 1.0), (-0.6, 0.25)):
            u, r = sigmoid(i + 0.1 - h), sigmoid(2 * i + 0.2 + 0.5 * h)
            new = tanh(3 * i + 0.3 + r * 2 * h)
            h = (1 - a * u) * h + a * u * new
        read = augru.read(torch.tensor([[[0.4], [-0.6]]]))
        assert augru(read, torch.tensor([[1.0, 0.25]])).item() == pytest.approx(h, abs=1e-6)


def test_what_gets_no_attention_leaves_the_memory_as_it_is() -> None:
    torch.manual_seed(0)
    augru = AUGRU(3)
    with torch.no_grad():
        i = torch.randn(1, 4, 3)
        skipped = augru(augru.read(i), torch.tensor([[0.5, 0.0, 0.0, 0.5]]))
        torch.testing.assert_close(skipped, augru(augru.read(i[:, [0, 3]]), torch.tensor([[0.5, 0.5]])))
