"""The last few ratings of each history."""

from __future__ import annotations

import torch
from torch import Tensor

from recommender.training.batch import Batch


def recent(batch: Batch, length: int, fill: int) -> Tensor:
    """The last `length` items of each history, int64 `[batch, length]`; the newest stands rightmost, and `fill` left of the oldest.

    For networks whose weights belong to places (filters, mixers): one place always means the same distance to what comes next.
    """
    place = batch.lengths[:, None] + torch.arange(-length, 0, device=batch.items.device)  # [batch, length]
    return batch.items.gather(1, place.clamp(min=0)).masked_fill(place < 0, fill)


def latest(chosen: Tensor, length: int) -> tuple[Tensor, Tensor]:
    """The places of the last `length` of the `chosen` ones of each history, oldest first, and which of them there are, `[batch, length]` each.

    `chosen` bool `[batch, longest]`; no more places are given than that is wide.
    """
    kept = chosen & (chosen.flip(1).cumsum(dim=1).flip(1) <= length)
    at = torch.argsort((~kept).to(torch.int8), dim=1, stable=True)[:, :length]
    return at, kept.gather(1, at)
