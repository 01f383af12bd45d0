"""Generalised binary cross-entropy: BCE that knows how few negatives were drawn."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F


def gbce(positive: Tensor, negative: Tensor, n_items: int, calibration: float) -> Tensor:
    """Mean of -(β ln σ(s+) + Σ ln(1 - σ(s-))) / (k + 1), with β = α (t (1 - 1/α) + 1/α) and α = k / (n_items - 1).

    Inputs: `positive` `[n]`; `negative` `[n, k]`, drawn all alike; `n_items`; `calibration` t, 0..1.
    When to use: for large catalogues, with some hundred negatives and t near 0.75.
    Source: Petrov and Macdonald (2023), gSASRec, equations 12 to 14.
    Relations: t = 0 is BCE with the sum over the negatives (β = 1); t = 1 gives scores that are calibrated as softmax's are.
    """
    k = negative.shape[1]
    alpha = min(k / max(n_items - 1, 1), 1.0)
    beta = alpha * (calibration * (1 - 1 / alpha) + 1 / alpha)
    return ((beta * F.softplus(-positive) + F.softplus(negative).sum(dim=1)) / (k + 1)).mean()
