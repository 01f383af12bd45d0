"""SASRec's block and its rules on position, by hand."""

from __future__ import annotations

import pytest
import torch
from pydantic import ValidationError
from torch import nn

from recommender.models.sequential.sasrec import AttentionBlock, SASRecConfig, SASRecNetwork
from recommender.training.batch import Batch


def batch(*rows: list[int], pad: int) -> Batch:
    """Histories filled up on the right."""
    longest = max(map(len, rows))
    items = torch.tensor([row + [pad] * (longest - len(row)) for row in rows])
    nothing = torch.zeros_like(items)
    return Batch(items, nothing.float(), nothing, torch.tensor([len(row) for row in rows]))


def test_a_block_by_hand() -> None:
    """With attention and the last layer at zero it is LN(LN(x)), as queries and residuals are the normalised ones; then the
    feed-forward's bias is added."""
    block = AttentionBlock(SASRecConfig(dim=2, dropout=0)).requires_grad_(False)
    for layer in (block.attention.out, block.feed_forward[3]):
        assert isinstance(layer, nn.Linear)
        layer.weight.zero_()
        layer.bias.zero_()
    block.feed_forward[3].bias += 0.5
    x = torch.tensor([[[3.0, 1.0]]])
    torch.testing.assert_close(block(x), torch.tensor([[[1.5, -0.5]]]), rtol=0, atol=1e-4)


def test_attention_adds_the_values_that_are_not_normalised() -> None:
    block = AttentionBlock(SASRecConfig(dim=2, dropout=0)).requires_grad_(False)
    for linear in (block.attention.value, block.attention.out):
        nn.init.eye_(linear.weight)
        linear.bias.zero_()
    last = block.feed_forward[3]
    last.weight.zero_()
    last.bias.zero_()
    x = torch.tensor([[[3.0, 1.0]]])  # alone, so it attends to itself: LN(x) + x = (4, 0); LN of it = (1, -1)
    torch.testing.assert_close(block(x), torch.tensor([[[1.0, -1.0]]]), rtol=0, atol=1e-4)


def test_items_are_scaled_by_the_root_of_dim_and_positions_count_from_the_start() -> None:
    network = SASRecNetwork(3, SASRecConfig(dim=4, dropout=0, max_length=5)).eval().requires_grad_(False)
    seen: list[torch.Tensor] = []
    network.blocks.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    network(batch([2, 0], pad=3))
    expected = 2 * network.items.weight[[2, 0]] + network.positions.weight[:2]
    torch.testing.assert_close(seen[0][0], expected)


def test_the_future_and_the_neighbours_do_not_matter() -> None:
    network = SASRecNetwork(9, SASRecConfig(dim=8, heads=2, max_length=6)).eval().requires_grad_(False)
    together = network(batch([1, 2, 3], [4, 5, 6, 7, 8], pad=9))
    torch.testing.assert_close(network(batch([1, 2], pad=9))[0], together[0, :2])
    torch.testing.assert_close(network(batch([4, 5, 6], pad=9))[0], together[1, :3])


def test_heads_must_share_dim() -> None:
    with pytest.raises(ValidationError, match="3 heads cannot share a dim of 64"):
        SASRecConfig(heads=3)
