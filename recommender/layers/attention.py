"""Multi-head self-attention over histories."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.layers.watching import offer


class SelfAttention(nn.Module):
    """softmax(QKᵀ / √d_head) V per head (Vaswani 2017), by PyTorch's own fused kernels.

    Causal: position t sees 1..t, and what is filled up on the right counts for nothing. Otherwise give `mask`.
    """

    def __init__(self, dim: int, heads: int, causal: bool = True) -> None:
        super().__init__()
        self.heads, self.causal = heads, causal
        self.query, self.key, self.value = (nn.Linear(dim, dim) for _ in range(3))
        self.out = nn.Linear(dim, dim)

    def forward(self, queries: Tensor, keys: Tensor, mask: Tensor | None = None) -> Tensor:
        """`queries`, `keys` `[batch, length, dim]`; `mask` bool `[batch, length]`, True where a rating is; `[batch, length, dim]`."""
        q, k, v = self._split(self.query(queries)), self._split(self.key(keys)), self._split(self.value(keys))
        where = None if mask is None else mask[:, None, None, :]
        offer(lambda: self._weights(q, k, where))
        mixed = F.scaled_dot_product_attention(
            q, k, v, attn_mask=where, is_causal=self.causal
        )  # [batch, heads, length, d_head]
        return self.out(mixed.transpose(1, 2).flatten(2))

    def _weights(self, q: Tensor, k: Tensor, where: Tensor | None) -> Tensor:
        """softmax(QKᵀ / √d_head), which the fused kernels do not give away: `[batch, heads, length, length]`."""
        e = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
        if self.causal:
            where = torch.ones(e.shape[-2:], dtype=torch.bool, device=e.device).tril()
        return (e if where is None else e.masked_fill(~where, -torch.inf)).softmax(dim=-1)

    def _split(self, x: Tensor) -> Tensor:
        """`[batch, length, dim]` -> `[batch, heads, length, dim / heads]`."""
        return x.view(*x.shape[:-1], self.heads, -1).transpose(1, 2)
