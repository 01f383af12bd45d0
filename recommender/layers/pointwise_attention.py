"""HSTU's attention: each pair of tokens weighed by SiLU on its own, without a softmax over the row (Zhai et al. 2024)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from recommender.layers.watching import offer


def pointwise_attention(q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    """O_i = 1/i Σ_{j ≤ i} SiLU(q_i·k_j + bias_ij) v_j, per head; `[batch, heads, length, d_head]`.

    `q`, `k`, `v` `[batch, heads, length, d_head]`; `bias` broadcasts to `[batch, heads, length, length]`. Causal, so what is
    filled up on the right counts for nothing. The paper divides by the longest length n instead of by i; a norm follows, so
    the directions are the same, but here the third rating is heard as well as the two hundredth.
    """
    weights = F.silu(q @ k.transpose(-1, -2) + bias).tril()  # [batch, heads, length, length]
    seen = torch.arange(1, q.shape[-2] + 1, device=q.device, dtype=q.dtype)
    offer(lambda: weights / seen[:, None])
    return weights @ v / seen[:, None]
