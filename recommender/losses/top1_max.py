"""TOP1-max: the target's rank against the best of the drawn items, softly."""

from __future__ import annotations

from torch import Tensor


def top1_max(positive: Tensor, negative: Tensor, penalty: float) -> Tensor:
    """Mean of Σ_j w_j (σ(s_j - s+) + λ σ(s_j²)), with w = softmax over the drawn items' scores.

    Inputs: `positive` `[n]`; `negative` `[n, k]`; `penalty` λ, 1 in the paper.
    When to use: for GRU4Rec as of 2018; `bpr_max` was the better one there.
    Source: Hidasi and Karatzoglou (2018), equation 6; TOP1 itself is of Hidasi et al. (2016).
    Relations: `bpr_max` has the same weights inside of a logarithm.
    """
    weight = negative.softmax(dim=1)  # [n, k]
    behind = (negative - positive[:, None]).sigmoid() + penalty * negative.square().sigmoid()
    return (weight * behind).sum(dim=1).mean()
