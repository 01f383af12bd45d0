"""HSTU: ratings as one long stream of movies and stars, read by attention without softmax."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.relative_attention import PER_RATING, RelativeBias, Times, relative_attention
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.looking import Attentive
from recommender.training.presets import AttentionConfig
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender

STARS = 11
"""Half stars 0..10 as actions; 0 is the filling."""


class HSTUConfig(AttentionConfig):
    """The stack's size, and what it may know of time."""

    target_time: bool = Field(
        False,
        description="In training, measure time from the moment of the next rating, as the authors' code does. Nobody knows it when "
        "answering: then it is taken to be the time of the last rating. Source: off, since a list must not need the future.",
    )


class HSTUBlock(nn.Module):
    """U, V, Q, K = φ1(f1(X)); A V = φ2(Q Kᵀ + rab) V; Y = f2(Norm(A V) ⊙ U); φ1 = φ2 = SiLU."""

    def __init__(self, config: HSTUConfig) -> None:
        super().__init__()
        d, self.heads = config.dim, config.heads
        self.norm_x, self.norm_av = nn.LayerNorm(d, eps=1e-6), nn.LayerNorm(d, eps=1e-6)
        self.f1, self.f2 = nn.Linear(d, 4 * d), nn.Linear(d, d)
        self.rab = RelativeBias(PER_RATING * config.max_length)
        self.dropout = Dropout(config.dropout)

    def forward(self, x: Tensor, times: Times) -> Tensor:
        """`x` `[batch, 2 length, dim]` -> `[batch, 2 length, dim]`."""
        u, v, q, k = F.silu(self.f1(self.norm_x(x))).chunk(4, dim=-1)  # each [batch, 2 length, dim]
        av = relative_attention(self._split(q), self._split(k), self._split(v), self.rab, times)
        y = self.f2(self.norm_av(av.flatten(2)) * u)
        return x + self.dropout(y)

    def _split(self, x: Tensor) -> Tensor:
        """`[batch, 2 length, dim]` -> `[batch, 2 length, heads, dim / heads]`."""
        return x.view(*x.shape[:-1], self.heads, -1)


class HSTUNetwork(SequenceNetwork):
    """Φ_1, a_1, Φ_2, a_2, ...: every movie is followed by the stars that it got; what comes next is read off after the stars."""

    def __init__(self, n_items: int, config: HSTUConfig) -> None:
        super().__init__(n_items, config.dim)
        self.target_time = config.target_time
        self.actions = nn.Embedding(STARS, config.dim)
        self.dropout = Dropout(config.dropout)
        self.blocks = nn.ModuleList(HSTUBlock(config) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(config.dim)
        self.item_bias = ItemBias(n_items)
        for table in (self.items.weight[:n_items], self.actions.weight):
            nn.init.normal_(table, std=0.02)

    def forward(self, batch: Batch) -> Tensor:
        """What comes next, at every rating, `[batch, length, dim]`."""
        half_stars = (2 * batch.ratings).round().long().clamp(0, STARS - 1)
        tokens = torch.stack([self.items(batch.items), self.actions(half_stars)], dim=2)  # [batch, length, 2, dim]
        x = self.dropout(tokens.flatten(1, 2) * tokens.shape[-1] ** 0.5)
        now = batch.timestamps
        if self.target_time and batch.target_timestamps is not None:
            now = batch.target_timestamps
        times = Times(now, batch.timestamps, batch.lengths)
        for block in self.blocks:
            x = block(x, times)
        return self.norm(x[:, 1::2])

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class HSTU(Attentive, SequenceRecommender):
    """P(next = i | Φ_1, a_1, .., Φ_t, a_t) ∝ exp(x_t · E_i + b_i), x_t by hierarchical sequential transduction units."""

    card = ModelCard(
        name="HSTU",
        family="generative",
        block=Block.ATTENTION,
        paper=Paper(
            authors="Zhai, Liao, Liu, Wang, Li, Cao, Gao, Gong, Gu, He, Lu and Shi",
            year=2024,
            title="Actions Speak Louder than Words: Trillion-Parameter Sequential Transducers for Generative Recommendations",
        ),
        sentence="Reads movies, stars and the time between them as one stream, as a language model reads words, and writes the next movie.",
        ratings="Stars are part of what it reads: each movie is followed by a token for its half stars. Movies that you rated below two "
        "and a half stars are left out all the same, since people rate on among what they disliked and the model would follow them there. "
        "In training every rating is read and counts as having watched.",
        departures="Retrieval only: it predicts movies, not stars. Time is measured from the last rating, not from the next as in the authors' "
        "code (target_time switches that on for training). Sums over the past are divided by its length, not by the longest one. "
        "Softmax over the whole catalogue with a bias that starts from popularity, instead of cosines and drawn negatives.",
        parents=("SASRec",),
        uses_order=True,
    )
    Config = HSTUConfig
    config: HSTUConfig
    quick = QUICK | {"epochs": 60, "dropout": 0.1}
    weights_are = (
        "The last block's SiLU weights, heads averaged, a movie's and its stars' token added up. Each pair is weighed by "
        "itself, without a softmax: they do not add up to 100 %, and can be negative."
    )
    looks_share = False

    def gaze(self, seen: list[Tensor], batch: Batch) -> Tensor:
        """The last token's weights in the last block, summed over the two tokens of each rating."""
        return seen[-1][0].mean(dim=0)[-1].view(-1, 2).sum(dim=1)

    def network(self, n_items: int) -> nn.Module:
        """A new stack."""
        return HSTUNetwork(n_items, self.config)
