"""Means over everything up to now, at every rating at once."""

from __future__ import annotations

import torch
from torch import Tensor


def running_mean(x: Tensor, window: int | None = None) -> Tensor:
    """Mean of the last `window` vectors, or of all so far, at every place: `[batch, length, dim]` -> the same. Causal."""
    total = x.float().cumsum(dim=1)
    number = torch.arange(1, x.shape[1] + 1, device=x.device)
    if window is not None and window < x.shape[1]:
        total = torch.cat([total[:, :window], total[:, window:] - total[:, :-window]], dim=1)
        number = number.clamp(max=window)
    return (total / number[:, None]).to(x)
