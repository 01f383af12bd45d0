"""A GRU whose update gate listens to attention: what has nothing to do with the movie on offer leaves the memory as it is."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AUGRU(nn.Module):
    """u'_t = a_t u_t, h_t = (1 - u'_t) ⊙ h_(t-1) + u'_t ⊙ h̃_t; h̃_t = tanh(W_h i_t + r_t ⊙ U_h h_(t-1) + b_h), h_0 = 0.

    u_t = σ(W_u i_t + U_u h_(t-1) + b_u), r_t likewise. Where a_t is 0 nothing changes, so filled up places need nothing else.
    Source: Zhou et al. (2019), equations 2 to 5 and 15 to 16. Used by DIEN.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.W, self.U = nn.Linear(dim, 3 * dim), nn.Linear(dim, 3 * dim, bias=False)  # u, r, h̃

    def read(self, i: Tensor) -> Tensor:
        """What the inputs give to the gates, worked out once however many movies are on offer, `[..., length, dim]` -> `[..., length, 3 dim]`."""
        out: Tensor = self.W(i)
        return out

    def forward(self, read: Tensor, a: Tensor) -> Tensor:
        """The last state, `[n, dim]`, from `read` `[n or 1, length, 3 dim]` and attention `a` `[n, length]`."""
        dim = self.U.in_features
        h = a.new_zeros(len(a), dim)
        # unbind and split, since the gradient of a slice is as large as what it was cut from, at each step anew
        gates, candidates = (part.unbind(1) for part in torch.split(read, [2 * dim, dim], dim=2))
        for gate, candidate, heard in zip(gates, candidates, a[..., None].unbind(1), strict=True):
            kept_gate, kept = torch.split(self.U(h), [2 * dim, dim], dim=1)
            u, r = (gate + kept_gate).sigmoid().chunk(2, dim=1)
            h = torch.lerp(h, (candidate + r * kept).tanh(), heard * u)
        return h
