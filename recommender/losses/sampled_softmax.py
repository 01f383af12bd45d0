"""Sampled softmax: the target against some drawn items, corrected for how likely each was to be drawn."""

from __future__ import annotations

import torch
from torch import Tensor


def sampled_softmax(positive: Tensor, negative: Tensor, log_q: Tensor) -> Tensor:
    """Mean of -ln (e^s+ / (e^s+ + Σ_j e^(s_j - ln k q_j))), which estimates the full softmax without bias in its sum.

    Inputs: `positive` `[n]`, scores of the targets; `negative` `[n, k]`, scores of the drawn items; `log_q` `[k]`, the natural
    logarithm of each drawn item's probability in one draw.
    When to use: when the catalogue is too large for `softmax` (hundreds of thousands of items).
    Source: Bengio and Senécal (2008); the log-Q correction as in Yi et al. (2019).
    Relations: with all items drawn alike and often it comes near to `softmax`. Only the drawn items are corrected, since
    the target is there for certain.
    """
    k = negative.shape[1]
    corrected = negative - (log_q + torch.tensor(float(k)).log().to(log_q))
    everything = torch.cat([positive[:, None], corrected], dim=1).float()  # [n, 1 + k]
    return (everything.logsumexp(dim=1) - positive).mean()
