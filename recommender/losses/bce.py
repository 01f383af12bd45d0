"""Binary cross-entropy: every target a yes, every drawn item a no."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F


def bce(positive: Tensor, negative: Tensor) -> Tensor:
    """Mean over targets of -ln σ(s+) - mean over drawn items of ln(1 - σ(s-)).

    Inputs: `positive` `[n]`; `negative` `[n, k]`.
    When to use: to train as the SASRec paper does (k = 1 there); it is overconfident with few negatives.
    Source: Kang and McAuley (2018), equation 7, with the mean over k drawn items in place of one.
    Relations: `gbce` mends the overconfidence; `softmax` is more accurate where it can be afforded.
    """
    return (F.softplus(-positive) + F.softplus(negative).mean(dim=1)).mean()
