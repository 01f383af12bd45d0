"""A first-order chain that a network's answer is mixed with."""

from __future__ import annotations

from typing import Self

import numpy as np
import torch
from torch import Tensor, nn

from recommender.data import Histories
from recommender.layers.transitions import transitions

PRIOR = 1.0
"""Transitions that popularity is worth, as in Markov."""


class Chain(nn.Module):
    """P(j | i) = (C_ij + m p_j) / (C_i + m): who follows whom, smoothed towards popularity p. Counted, not trained.

    Few people teach a network little of pairs that it can simply be told; a mixture of experts (Jacobs et al. 1991) with one
    weight for everybody lets each say what it knows.
    """

    def __init__(self, n_items: int) -> None:
        super().__init__()
        self.register_buffer("offsets", torch.zeros(n_items + 1, dtype=torch.long))
        self.register_buffer("followers", torch.zeros(0, dtype=torch.long))
        self.register_buffer("counts", torch.zeros(0))
        self.register_buffer("popular", torch.full((n_items,), 1 / max(n_items, 1)))
        self.offsets: Tensor
        self.followers: Tensor
        self.counts: Tensor
        self.popular: Tensor

    def count(self, histories: Histories) -> Self:
        """Learn the transitions C, rows of one sparse matrix, and p."""
        n = len(self.popular)
        C = transitions(histories.rows, histories.items, n)
        rated = np.bincount(histories.items, minlength=n)
        self.offsets = torch.from_numpy(C.indptr.astype(np.int64))
        self.followers, self.counts = torch.from_numpy(C.indices.astype(np.int64)), torch.from_numpy(C.data)
        self.popular = torch.from_numpy((rated / max(rated.sum(), 1)).astype(np.float32))
        return self

    def forward(self, last: Tensor) -> Tensor:
        """`last` int64 `[batch]`, the item of each newest rating -> P, `[batch, n_items]`."""
        begins, sizes = self.offsets[last], self.offsets[last + 1] - self.offsets[last]  # [batch]
        row = torch.arange(len(last), device=last.device).repeat_interleave(sizes)  # [transitions]
        place = begins.repeat_interleave(sizes) + torch.arange(len(row), device=last.device)
        place = place - (sizes.cumsum(0) - sizes).repeat_interleave(sizes)
        C = torch.zeros(len(last), len(self.popular), device=last.device)
        C[row, self.followers[place]] = self.counts[place]
        return (C + PRIOR * self.popular) / (C.sum(dim=1, keepdim=True) + PRIOR)

    def mixed(self, scores: Tensor, last: Tensor, share: float) -> Tensor:
        """ln((1 - share) softmax(scores) + share P(. | last)), `[batch, n_items]`."""
        return ((1 - share) * scores.float().softmax(dim=1) + share * self(last)).clamp(min=1e-30).log()
