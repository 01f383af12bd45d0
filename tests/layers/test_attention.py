"""Self-attention, by hand."""

from __future__ import annotations

import math

import pytest
import torch

from recommender.layers.attention import SelfAttention


def plain(heads: int, causal: bool, dim: int = 2) -> SelfAttention:
    """Attention whose four matrices are the identity."""
    layer = SelfAttention(dim, heads, causal)
    for linear in (layer.query, layer.key, layer.value, layer.out):
        torch.nn.init.eye_(linear.weight)
        torch.nn.init.zeros_(linear.bias)
    return layer.requires_grad_(False)


X = torch.tensor([[[1.0, 0.0], [0.0, 2.0]]])


def test_causal_by_hand() -> None:
    """The first sees itself; the second weighs (0, 4) / √2."""
    first, second = plain(1, True)(X, X)[0].tolist()
    weight = 1 / (1 + math.exp(-4 / math.sqrt(2)))
    assert first == pytest.approx([1, 0])
    assert second == pytest.approx([1 - weight, 2 * weight])


def test_two_heads_by_hand() -> None:
    """Each head has one dimension, so scale 1: head 1 weighs (0, 0), head 2 weighs (0, 4)."""
    second = plain(2, True)(X, X)[0, 1].tolist()
    assert second == pytest.approx([0.5, 2 / (1 + math.exp(-4))])


def test_both_ways_with_a_mask() -> None:
    layer = plain(1, False)
    longer = torch.cat([X, torch.full((1, 3, 2), 9.0)], dim=1)
    mask = torch.tensor([[True, True, False, False, False]])
    torch.testing.assert_close(layer(longer, longer, mask)[:, :2], layer(X, X))
    weight = 1 / (1 + math.exp(-1 / math.sqrt(2)))
    assert layer(X, X)[0, 0].tolist() == pytest.approx([weight, 2 * (1 - weight)])
