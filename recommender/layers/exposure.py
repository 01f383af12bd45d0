"""What a rating's moment says of it, whatever the movie: facts that explain answers while learning and that nobody knows when answering."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from recommender.training.batch import Batch

PLACES = 12
"""Classes of how many ratings of the same sitting came before: 0, 1 to 2, 3 to 6, ..."""
PACES = 16
"""Classes of the seconds since the rating before: 0, 1 to 2, 3 to 6, ...; the last one is nine hours and more, or no rating before."""


def moments(batch: Batch, sitting_seconds: int) -> Tensor:
    """Classes of place and pace of every rating, `[batch, length, 2]`. A pause longer than `sitting_seconds` begins a new sitting."""
    gap = batch.timestamps.diff(dim=1, prepend=batch.timestamps[:, :1])
    step = torch.arange(gap.shape[1], device=gap.device).expand_as(gap)
    began = torch.where(gap > sitting_seconds, step, 0).cummax(dim=1).values
    place, pace = _class(step - began, PLACES), _class(gap, PACES)
    pace[:, 0] = PACES - 1
    return torch.stack([place, pace], dim=2)


def _class(number: Tensor, classes: int) -> Tensor:
    """⌊log₂(1 + number)⌋, below `classes`; numbers below 0 count as 0."""
    return (number.clamp(min=0) + 1).log2().long().clamp(max=classes - 1)


class BiasTower(nn.Module):
    """W_2 ReLU(W_1 ReLU(e_place + e_pace) + b_1), less its mean: a logit for each objective that says how a moment differs from the mean one.

    Source: the bias deep network of Gu et al. (2020), with a logit per objective. Without its mean, so that who leaves it out keeps the mean chance.
    """

    def __init__(self, width: int, objectives: int) -> None:
        super().__init__()
        self.place, self.pace = nn.Embedding(PLACES, width), nn.Embedding(PACES, width)
        self.parts = nn.Sequential(
            nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, objectives, bias=False)
        )

    def forward(self, moments: Tensor) -> Tensor:
        """`[n, 2]` -> `[n, objectives]`, mean 0."""
        out: Tensor = self.parts(self.place(moments[:, 0]) + self.pace(moments[:, 1]))
        return out - out.mean(dim=0)
