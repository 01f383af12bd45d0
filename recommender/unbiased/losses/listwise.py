"""The list-wise loss that all corrections weigh, and what a correction is."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F


class Correction(nn.Module):
    """Turns scores and labels of lists, top first, `[lists, places]` each, into a loss. May learn parameters of its own."""

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        """The loss."""
        raise NotImplementedError

    def propensities(self) -> NDArray[np.float64] | None:
        """e_k / e_1 as it was learned, `[places]`; None for corrections that learn none."""
        return None


def listwise(scores: Tensor, weights: Tensor) -> Tensor:
    """Mean over lists of - Σ_i w_i ln softmax(s)_i.

    Inputs: `scores` and `weights` `[lists, places]`.
    When to use: with w = clicks over propensities it is in expectation the loss of true relevance.
    Source: ListNet's top-one loss (Cao et al. 2007) as weighed by Ai et al. (2018), equations 5 and 8.
    """
    return -(weights * F.log_softmax(scores, dim=-1)).sum(dim=-1).mean()


def beside_first(logits: Tensor) -> Tensor:
    """softmax_1 / softmax_i, `[..., places]`: what a click at i counts when one at the first counts 1."""
    return torch.exp(logits[..., :1] - logits)
