"""A transformer block in its common form."""

from __future__ import annotations

from torch import Tensor, nn

from recommender.layers.attention import SelfAttention
from recommender.layers.dropout import Dropout


class TransformerBlock(nn.Module):
    """x + Attention(LN x), then x + FFN(LN x) with GELU (Vaswani 2017; norms first, Xiong 2020, so that no warm-up is needed)."""

    def __init__(self, dim: int, heads: int, widening: int, dropout: float, causal: bool) -> None:
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attention = SelfAttention(dim, heads, causal)
        self.feed_forward = nn.Sequential(
            nn.Linear(dim, widening * dim), nn.GELU(), Dropout(dropout), nn.Linear(widening * dim, dim)
        )
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """`x` `[batch, length, dim]`; `mask` bool `[batch, length]`, True where a rating is, for blocks that look both ways."""
        y = self.norm_1(x)
        x = x + self.dropout(self.attention(y, y, mask))
        return x + self.dropout(self.feed_forward(self.norm_2(x)))
