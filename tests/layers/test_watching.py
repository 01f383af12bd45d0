"""Attention weights for those who ask: what layers offer, by hand, and the rollout through a stack."""

from __future__ import annotations

import math
from threading import Thread

import pytest
import torch
from torch import Tensor

from recommender.layers.attention import SelfAttention
from recommender.layers.pointwise_attention import pointwise_attention
from recommender.layers.watching import offer, rollout, watched


def nobody_asks() -> Tensor:
    """Weights that must not be worked out."""
    raise AssertionError("worked out for nobody")


def test_weights_are_worked_out_only_while_somebody_watches() -> None:
    offer(nobody_asks)
    with watched() as seen:
        offer(lambda: torch.ones(1))
        other = Thread(target=offer, args=(nobody_asks,))  # another thread's layers are not watched
        other.start()
        other.join()
    offer(nobody_asks)
    assert seen == [torch.ones(1)]


def test_self_attention_offers_its_softmax() -> None:
    """Identity matrices, x = (1, 0), (0, 2): the second weighs itself by 4 / √2 against 0."""
    layer = SelfAttention(2, 1).requires_grad_(False)
    for linear in (layer.query, layer.key, layer.value, layer.out):
        torch.nn.init.eye_(linear.weight)
        torch.nn.init.zeros_(linear.bias)
    x = torch.tensor([[[1.0, 0.0], [0.0, 2.0]]])
    with watched() as seen:
        layer(x, x)
    itself = 1 / (1 + math.exp(-4 / math.sqrt(2)))
    assert seen[0][0, 0].flatten().tolist() == pytest.approx([1, 0, 1 - itself, itself])


@pytest.mark.parametrize("causal", [True, False])
def test_what_is_offered_is_what_mixed_the_values(causal: bool) -> None:
    torch.manual_seed(0)
    layer, x = SelfAttention(6, 2, causal).requires_grad_(False), torch.randn(3, 4, 6)
    mask = None if causal else torch.tensor([4, 2, 3])[:, None] > torch.arange(4)
    with watched() as seen:
        mixed = layer(x, x, mask)
    values = layer.value(x).view(3, 4, 2, 3).transpose(1, 2)
    torch.testing.assert_close(layer.out((seen[0] @ values).transpose(1, 2).flatten(2)), mixed)
    if causal:
        assert (seen[0].triu(1) == 0).all()


def test_pointwise_attention_offers_silu_over_the_length() -> None:
    """q = 1, 2, k = 1, -1: the second weighs SiLU(2) / 2 and SiLU(-2) / 2, which is negative."""
    q, k = torch.tensor([1.0, 2.0]).view(1, 1, 2, 1), torch.tensor([1.0, -1.0]).view(1, 1, 2, 1)
    with watched() as seen:
        pointwise_attention(q, k, k, torch.zeros(1))
    first, second = 1 / (1 + math.exp(-1)), 2 / (1 + math.exp(-2))
    third = -2 / (1 + math.exp(2))
    assert seen[0].flatten().tolist() == pytest.approx([first, 0, second / 2, third / 2])


def test_rollout_by_hand() -> None:
    """Two heads (1, 0 | 1/2, 1/2) and (1, 0 | 0, 1): their mean is (1/4, 3/4), with the residual (1/8, 7/8). Then a block that
    looks at the first alone, with the residual (1/2, 1/2): 1/2 + 1/2 · 1/8 of the first, 1/2 · 7/8 of the second."""
    first = torch.tensor([[[[1, 0], [0.5, 0.5]], [[1, 0], [0, 1]]]])
    second = torch.tensor([[[[1.0, 0], [1, 0]]]])
    assert rollout([first])[0].flatten().tolist() == pytest.approx([1, 0, 1 / 8, 7 / 8])
    assert rollout([first, second])[0].flatten().tolist() == pytest.approx([1, 0, 9 / 16, 7 / 16])
