"""How many steps a training has taken: for what is warmed up, annealed or taken in turns."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Steps(nn.Module):
    """Counts the calls in training. The count is a buffer, so a training that was killed goes on from where it was."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("taken", torch.zeros(1, dtype=torch.long))
        self.taken: Tensor

    def forward(self) -> Tensor:
        """Steps before this one, int64 `[1]`; the next call in training finds one more."""
        before = self.taken.clone()
        if self.training:
            self.taken += 1
        return before
