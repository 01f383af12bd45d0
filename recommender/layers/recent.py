"""The last few ratings of each history, in places counted from the end."""

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
