"""A linear recurrence, worked off in log2(length) steps instead of one after the other."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F


def linear_recurrence(decay: Tensor, x: Tensor) -> Tensor:
    """h_t = decay ⊙ h_{t-1} + x_t with h_0 = 0: `decay` `[dim]`, `x` `[batch, length, dim]`, real or complex -> h, as `x`.

    By doubling (Hillis and Steele 1986): when h reaches 2^n steps back, adding decay^(2^n) times itself 2^n steps ago makes
    it reach twice as far. The same sums as the loop, in another order. Causal.
    """
    reach = 1
    while reach < x.shape[1]:
        x = x + decay * F.pad(x[:, :-reach], (0, 0, reach, 0))
        decay, reach = decay * decay, 2 * reach
    return x
