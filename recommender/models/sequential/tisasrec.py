"""TiSASRec: attention that knows how much time lies between two ratings."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.watching import offer
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.looking import Attentive
from recommender.training.presets import AttentionConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class TiSASRecConfig(AttentionConfig):
    """How time is measured."""

    max_length: int = Field(
        50,
        ge=1,
        le=1_024,
        description="The last so many ratings are read. Source: Li et al. (2020).",
        json_schema_extra={"unit": "ratings"},
    )
    intervals: int = Field(
        256,
        ge=1,
        le=8_192,
        description="k, the longest interval told apart, in units of the person's shortest. Source: Li et al. (2020), 256 to 2,048.",
    )


def relative_intervals(timestamps: Tensor, k: int) -> Tensor:
    """r_ij = min(k, ⌊(t_i - t_j) / unit_i⌋), int64 `[batch, length, length]`; 0 where j > i.

    `timestamps` int64 `[batch, length]`, seconds. unit_i is the shortest time, but 0, between two ratings in a row up to i.
    """
    gaps = timestamps.diff(dim=1, prepend=timestamps[:, :1])  # [batch, length]
    never = torch.iinfo(torch.int64).max
    unit = gaps.masked_fill(gaps <= 0, never).cummin(dim=1).values
    apart = (timestamps[:, :, None] - timestamps[:, None, :]).clamp(min=0)
    return (apart // unit[:, :, None]).clamp(max=k)


class TimeAttention(nn.Module):
    """e_ij = q_i · (k_j + R^K_{r_ij} + P^K_j) / √d_head; z_i = Σ_j softmax(e)_ij (v_j + R^V_{r_ij} + P^V_j), j ≤ i.

    The intervals' vectors are met per value of r, not per pair: q_i · R^K_r is worked out for all r and looked up; α is summed up
    per r before it meets R^V. The same numbers without a `[length, length, dim]`.
    """

    def __init__(self, dim: int, heads: int, k: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(dim, dim) for _ in range(3))
        self.R_key, self.R_value = (nn.Parameter(0.02 * torch.randn(k + 1, dim)) for _ in range(2))

    def forward(self, queries: Tensor, x: Tensor, P_key: Tensor, P_value: Tensor, r: Tensor) -> Tensor:
        """`queries`, `x` `[batch, length, dim]`, `P_key`, `P_value` `[length, dim]`, `r` `[batch, length, length]` -> `[batch, length, dim]`."""
        q, k, v = (
            self._split(self.query(queries)),
            self._split(self.key(x) + P_key),
            self._split(self.value(x) + P_value),
        )
        R_key, R_value = self._split(self.R_key[None]), self._split(self.R_value[None])  # [1, heads, k + 1, d_head]
        r = r[:, None].expand(-1, self.heads, -1, -1)
        by_interval = q @ R_key.transpose(-1, -2)  # [batch, heads, length, k + 1]
        e = (q @ k.transpose(-1, -2) + by_interval.gather(-1, r)) / q.shape[-1] ** 0.5  # [batch, heads, length, length]
        future = torch.ones(e.shape[-2:], dtype=torch.bool, device=e.device).triu(1)
        alpha = e.masked_fill(future, -torch.inf).softmax(dim=-1)
        offer(lambda: alpha)
        per_interval = torch.zeros_like(by_interval, dtype=alpha.dtype).scatter_add(-1, r, alpha)
        z = alpha @ v + per_interval @ R_value  # [batch, heads, length, d_head]
        return z.transpose(1, 2).flatten(2)

    def _split(self, x: Tensor) -> Tensor:
        """`[batch, length, dim]` -> `[batch, heads, length, dim / heads]`."""
        return x.view(*x.shape[:-1], self.heads, -1).transpose(1, 2)


class TiSASRecBlock(nn.Module):
    """x + Attention(LN x), then x + FFN(LN x)."""

    def __init__(self, config: TiSASRecConfig) -> None:
        super().__init__()
        d = config.dim
        self.norm_1, self.norm_2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attention = TimeAttention(d, config.heads, config.intervals)
        self.feed_forward = nn.Sequential(nn.Linear(d, d), nn.ReLU(), Dropout(config.dropout), nn.Linear(d, d))
        self.dropout = Dropout(config.dropout)

    def forward(self, x: Tensor, P_key: Tensor, P_value: Tensor, r: Tensor) -> Tensor:
        """As `TimeAttention`."""
        x = x + self.dropout(self.attention(self.norm_1(x), x, P_key, P_value, r))
        return x + self.dropout(self.feed_forward(self.norm_2(x)))


class TiSASRecNetwork(SequenceNetwork):
    """Item vectors in; places and intervals enter at every attention; the item table again for the scores."""

    def __init__(self, n_items: int, config: TiSASRecConfig) -> None:
        super().__init__(n_items, config.dim)
        d, self.k = config.dim, config.intervals
        self.P_key, self.P_value = nn.Embedding(config.max_length, d), nn.Embedding(config.max_length, d)
        self.dropout, self.norm = Dropout(config.dropout), nn.LayerNorm(d)
        self.blocks = nn.ModuleList(TiSASRecBlock(config) for _ in range(config.blocks))
        self.item_bias = ItemBias(n_items)
        for table in (self.items.weight[:n_items], self.P_key.weight, self.P_value.weight):
            nn.init.normal_(table, std=0.02)

    def forward(self, batch: Batch) -> Tensor:
        """What comes next, at every rating, `[batch, length, dim]`."""
        x = self.items(batch.items)  # [batch, length, dim]
        x = self.dropout(x * x.shape[-1] ** 0.5)
        places = [self.dropout(table.weight[: x.shape[1]]) for table in (self.P_key, self.P_value)]
        r = relative_intervals(batch.timestamps, self.k)
        for block in self.blocks:
            x = block(x, *places, r)
        return self.norm(x)

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class TiSASRec(Attentive, SequenceRecommender):
    """SASRec whose attention also weighs the time between two ratings: P(next = i) ∝ exp(z_t · M_i + b_i)."""

    card = ModelCard(
        name="TiSASRec",
        family="sequential",
        block=Block.ATTENTION,
        paper=Paper(
            authors="Li, Wang and McAuley",
            year=2020,
            title="Time Interval Aware Self-Attention for Sequential Recommendation",
        ),
        sentence="Reads your ratings in order, and knows whether a minute or a year lies between two of them.",
        ratings=RATINGS,
        departures="The unit of time is the shortest gap up to a rating, not of the whole history, which would let the future speak. "
        "Softmax over the whole catalogue instead of one drawn movie, with a bias that starts from popularity. No dropout inside of "
        "the attention weights.",
        parents=("SASRec",),
        uses_order=True,
    )
    Config = TiSASRecConfig
    config: TiSASRecConfig
    quick = QUICK | {"dropout": 0.1, "epochs": 60}

    def network(self, n_items: int) -> nn.Module:
        """A new transformer."""
        return TiSASRecNetwork(n_items, self.config)
