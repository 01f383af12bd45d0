"""BPR-max: the target against the best of the drawn items, softly."""

from __future__ import annotations

from torch import Tensor


def bpr_max(positive: Tensor, negative: Tensor, penalty: float) -> Tensor:
    """Mean of -ln Σ_j w_j σ(s+ - s_j) + λ Σ_j w_j s_j², with w = softmax over the drawn items' scores.

    Inputs: `positive` `[n]`; `negative` `[n, k]`; `penalty` λ.
    When to use: for GRU4Rec as of 2018, with many negatives.
    Source: Hidasi and Karatzoglou (2018), Recurrent Neural Networks with Top-k Gains, equation 8.
    Relations: `top1_max` is its sister; `bpr` weighs all negatives alike.
    """
    weight = negative.softmax(dim=1)  # [n, k]
    ahead = (weight * (positive[:, None] - negative).sigmoid()).sum(dim=1)
    return (-(ahead + 1e-24).log() + penalty * (weight * negative.square()).sum(dim=1)).mean()
