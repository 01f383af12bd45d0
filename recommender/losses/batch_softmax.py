"""In-batch softmax: the other targets of the batch are the negatives, corrected for how often they turn up."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def batch_softmax(scores: Tensor, targets: Tensor, log_q: Tensor) -> Tensor:
    """Mean of -ln softmax_j(s_ij - ln q_j) at j = i.

    Inputs: `scores` `[n, n]`, of person i for the target of person j; `targets` int64 `[n]`; `log_q` `[n]`, logarithm of each
    target's probability to be in a batch. Where j's target is i's own, j is left out.
    When to use: towers, where the vector of an item costs too much to have all of them in every step.
    Source: Yi et al. (2019); Bengio and Senécal (2003) for the correction.
    Relations: `sampled_softmax` draws its negatives by itself; `softmax` is what both estimate.
    """
    again = (targets[:, None] == targets).fill_diagonal_(False)
    logits = (scores - log_q).float().masked_fill(again, -torch.inf)
    return F.cross_entropy(logits, torch.arange(len(targets), device=targets.device))
