"""A behaviour's interest in each movie on offer: a transformer that reads the sequence once, and that every movie asks."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.layers.attention import SelfAttention
from recommender.layers.transformer import TransformerBlock

WIDENING = 2


class InterestTransformer(nn.Module):
    """H = Encoder([nothing, x_1 + p_1, ..., x_L + p_L]); y = c + Attention(LN c, H), interest = y + FFN(LN y) for a movie c.

    x_1 is the newest. x, p and c are taken times √dim (Vaswani 2017), else a block's attention drowns the vectors, which begin small. A learned
    vector of nothing stands first, so that an empty sequence can be asked, too. Source: Gu et al. (2020), whose decoder asks with the item on
    offer; norms first as in `TransformerBlock`. Used by DMT.
    """

    def __init__(self, dim: int, heads: int, blocks: int, longest: int, dropout: float) -> None:
        super().__init__()
        self.scale = dim**0.5
        self.nothing, self.positions = nn.Parameter(torch.zeros(dim)), nn.Embedding(longest, dim)
        for vectors in (self.nothing, self.positions.weight):
            nn.init.normal_(vectors, std=dim**-0.5 / 4)
        self.encoder = nn.ModuleList(
            TransformerBlock(dim, heads, WIDENING, dropout, causal=False) for _ in range(blocks)
        )
        self.norm, self.asking, self.norm_2 = nn.LayerNorm(dim), nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attention = SelfAttention(dim, heads, causal=False)
        self.feed_forward = nn.Sequential(nn.Linear(dim, WIDENING * dim), nn.GELU(), nn.Linear(WIDENING * dim, dim))

    def encode(self, x: Tensor, filled: Tensor) -> tuple[Tensor, Tensor]:
        """H `[batch, 1 + length, dim]` and which of its places are filled, from `x` `[batch, length, dim]`, newest first."""
        h = x + self.positions.weight[: x.shape[1]]
        h = torch.cat([self.nothing.expand(len(x), 1, -1), h], dim=1) * self.scale
        filled = F.pad(filled, (1, 0), value=True)
        for block in self.encoder:
            h = block(h, filled)
        return self.norm(h), filled

    def forward(self, c: Tensor, h: Tensor, filled: Tensor) -> Tensor:
        """The interest in movies `c` `[batch, n, dim]`, `[batch, n, dim]`; `h`, `filled` as `encode` gives them."""
        c = c * self.scale
        y: Tensor = c + self.attention(self.asking(c), h, filled)
        return y + self.feed_forward(self.norm_2(y))
