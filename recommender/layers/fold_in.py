"""Fold-in: the vector of somebody who was not in training, in one least-squares step."""

from __future__ import annotations

import torch
from torch import Tensor


def folded_in(V: Tensor, values: Tensor, rated: Tensor, unobserved: float, ridge: float) -> Tensor:
    """u = (VᵀCV + λI)⁻¹ VᵀC r, `[batch, dim]`: C is 1 where rated and `unobserved` elsewhere, where r is 0.

    `V` `[n_items, dim]`; `values` r `[batch, n_items]`, 0 where not rated; `rated` bool, as r. What all people have in common is
    worked out once. Source: Hu, Koren and Volinsky (2008). Used by AutoRec, CDL and ConvMF.
    """
    gram = unobserved * V.T @ V + ridge * torch.eye(V.shape[1], device=V.device)
    A = torch.stack([gram + (1 - unobserved) * V[row].T @ V[row] for row in rated])  # [batch, dim, dim]
    return torch.linalg.solve(A, values @ V)
