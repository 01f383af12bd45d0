"""Attention weights for those who ask: layers offer them on their way, and nothing is worked out or kept unless somebody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch import Tensor

_seen: ContextVar[list[Tensor] | None] = ContextVar("seen", default=None)
"""Of this thread alone, so that people who are answered meanwhile are not watched."""


@contextmanager
def watched() -> Iterator[list[Tensor]]:
    """A list that fills with what the layers offer, first block first, while inside."""
    seen: list[Tensor] = []
    before = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(before)


def offer(weights: Callable[[], Tensor]) -> None:
    """Called by a layer with what gives its weights, row i those of place i: `[batch, heads, length, length]`."""
    if (seen := _seen.get()) is not None:
        seen.append(weights().detach())


def rollout(blocks: list[Tensor]) -> Tensor:
    """How much of each input stands in each output of a stack of softmax attention, `[batch, length, length]`; rows add up to 1.

    Attention rollout (Abnar and Zuidema 2020): Π_l (A_l + I) / 2, the last block leftmost; A_l is the mean over the heads of
    `blocks[l]` `[batch, heads, length, length]`, I the residual path past the attention.
    """
    whole = torch.eye(blocks[0].shape[-1], device=blocks[0].device)
    past = whole
    for block in blocks:
        whole = (block.mean(dim=1) + past) / 2 @ whole
    return whole
