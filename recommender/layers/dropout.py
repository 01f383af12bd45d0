"""Dropout whose chances are drawn four at a time on a CPU."""

from __future__ import annotations

import torch
from torch import Tensor, nn

CHANCES = 1 << 16
"""How finely a probability is told apart: a quarter of one drawn number of 64 bits."""


class Dropout(nn.Dropout):
    """As torch's: in training each number is left out with probability p, and what is left is divided by 1 - p.

    torch draws every chance by itself on processors without Intel's library: 12 ns for each number on an AMD EPYC, ten times a GELU,
    which were up to a quarter of a training.
    """

    def forward(self, x: Tensor) -> Tensor:
        """`[...]` -> `[...]`."""
        if not self.training or self.p == 0 or x.device.type != "cpu":
            return super().forward(x)
        chances = torch.empty(-(-x.numel() // 4), dtype=torch.int64).random_(-(1 << 63), None)
        kept = chances.view(torch.int16)[: x.numel()] >= round(self.p * CHANCES) - CHANCES // 2
        return x * kept.view(x.shape).to(x.dtype).div_(1 - self.p)
