"""Dropout whose chances are drawn four at a time on a CPU."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHANCES = 1 << 16
"""How finely a probability is told apart: a quarter of one drawn number of 64 bits."""


def dropout(x: Tensor, p: float) -> Tensor:
    """Each number is left out with probability `p` below 1, and what is left is divided by 1 - p, `[...]` -> `[...]`.

    torch draws every chance by itself on processors without Intel's library, which costs more than the layers around it.
    """
    if p == 0 or x.device.type != "cpu":
        return F.dropout(x, p)
    chances = torch.empty(-(-x.numel() // 4), dtype=torch.int64).random_(-(1 << 63), None)
    kept = chances.view(torch.int16)[: x.numel()] >= round(p * CHANCES) - CHANCES // 2
    return x * kept.view(x.shape).to(x.dtype).div_(1 - p)


class Dropout(nn.Dropout):
    """`dropout` in training, nothing otherwise."""

    def forward(self, x: Tensor) -> Tensor:
        """`[...]` -> `[...]`."""
        return dropout(x, self.p) if self.training else x
