"""A score of each item for everybody, which starts from its popularity."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ItemBias(nn.Module):
    """b_i = ln((c_i + 1) / Σ (c_j + 1)) + δ_i: the logarithm of the item's share of all ratings, and what is learned beyond it.

    With a softmax loss the network begins as popularity, and spends its few epochs on what people differ in.
    """

    def __init__(self, n_items: int) -> None:
        super().__init__()
        self.delta = nn.Parameter(torch.zeros(n_items))

    def forward(self, counts: Tensor) -> Tensor:
        """`counts`, ratings per item, `[n_items]` -> b, `[n_items]`."""
        share = (counts + 1) / (counts + 1).sum()
        return share.log() + self.delta
