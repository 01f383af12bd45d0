"""BPR: the target should score higher than an item that was not chosen."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F


def bpr(positive: Tensor, negative: Tensor) -> Tensor:
    """Mean of -ln σ(s+ - s-) over targets and drawn items.

    Inputs: `positive` `[n]`; `negative` `[n, k]`.
    When to use: for models whose paper does (GRU4Rec 2016, FPMC, LightGCN); its gradient fades with many negatives.
    Source: Rendle et al. (2009); averaged over a mini-batch's negatives in Hidasi et al. (2016).
    Relations: `bpr_max` looks at the hardest negatives and does not fade.
    """
    return F.softplus(negative - positive[:, None]).mean()
