"""Multinomial likelihood: one bet over all items, held against a whole basket."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F


def multinomial(logits: Tensor, x: Tensor) -> Tensor:
    """-Σ_i x_i ln softmax(logits)_i, of each person, `[batch]`.

    Inputs: `logits` `[batch, n_items]`; `x` `[batch, n_items]`, 1 where rated and 0 elsewhere.
    When to use: autoencoders that give a whole basket back; it is better at ranking than the Gaussian and the logistic likelihood.
    Source: Liang et al. (2018).
    Relations: `softmax` is the same for baskets of one item.
    """
    return -(x * F.log_softmax(logits.float(), dim=1)).sum(dim=1)
