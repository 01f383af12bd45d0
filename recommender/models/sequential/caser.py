"""Caser: the last few movies as a picture, looked at through filters."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.data import Histories
from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.recent import recent
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.prefixes import Prefixes
from recommender.training.presets import QUICK_PREFIXES, PrefixesConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import SequenceNetwork, SequenceRecommender


class CaserConfig(PrefixesConfig):
    """The picture's height and its filters."""

    max_length: int = Field(
        50,
        ge=1,
        le=16_384,
        description="The last so many ratings make up the general taste. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "ratings"},
    )
    dropout: float = Field(
        0.5, ge=0, lt=1, description="Share of activations put to zero in training. Source: Tang and Wang (2018)."
    )
    L: int = Field(
        5,
        ge=1,
        le=100,
        description="Height of the picture. Source: Tang and Wang (2018), for MovieLens.",
        json_schema_extra={"unit": "ratings"},
    )
    horizontal: int = Field(
        16, ge=1, le=512, description="Filters per height 1..L. Source: Tang and Wang (2018), code."
    )
    vertical: int = Field(4, ge=1, le=512, description="Filters over the columns. Source: Tang and Wang (2018), code.")


class Convolutions(nn.Module):
    """The filters on a picture E `[batch, L, dim]`: o, what rows show together, and õ, weighted sums of the rows."""

    def __init__(self, config: CaserConfig) -> None:
        super().__init__()
        L, d = config.L, config.dim
        self.F = nn.ModuleList(nn.Conv1d(d, config.horizontal, h) for h in range(1, L + 1))
        self.F_tilde = nn.Linear(L, config.vertical, bias=False)
        self.width = L * config.horizontal + config.vertical * d

    def forward(self, E: Tensor) -> Tensor:
        """[o ; õ], `[batch, L horizontal + vertical dim]`."""
        columns = E.transpose(1, 2)  # [batch, dim, L]
        o = [
            filters(columns).relu().amax(dim=2) for filters in self.F
        ]  # each [batch, horizontal], the maximum over time
        o_tilde = self.F_tilde(columns).transpose(1, 2).flatten(1)  # [batch, vertical dim]
        return torch.cat([*o, o_tilde], dim=1)


class CaserNetwork(SequenceNetwork):
    """z = ReLU(W [o ; õ] + b); the person P_u is the mean of the vectors of what they watched; y = W' [z ; P_u] + b'."""

    def __init__(self, n_items: int, config: CaserConfig) -> None:
        super().__init__(n_items, config.dim)
        self.L = config.L
        self.convolutions = Convolutions(config)
        self.W = nn.Linear(self.convolutions.width, config.dim)
        self.W_prime = nn.Embedding(n_items, 2 * config.dim)
        self.item_bias = ItemBias(n_items)
        self.dropout = Dropout(config.dropout)
        for table in (self.items.weight[:n_items], self.W_prime.weight):
            nn.init.normal_(table, std=config.dim**-0.5)

    def forward(self, batch: Batch) -> Tensor:
        """[z ; P_u], `[batch, 2 dim]`."""
        E = self.items(recent(batch, self.L, self.n_items))  # [batch, L, dim]
        z = self.W(self.dropout(self.convolutions(E))).relu()
        P_u = self.items(batch.items).sum(dim=1) / batch.lengths[:, None]  # the filling is zero
        return torch.cat([z, self.dropout(P_u)], dim=1)

    def table(self) -> Tensor:
        """W', `[n_items, 2 dim]`."""
        return self.W_prime.weight

    def bias(self) -> Tensor:
        """b', `[n_items]`."""
        return self.item_bias(self.counts)


class Caser(SequenceRecommender):
    """P(next = i) ∝ exp(W'_i · [z ; P_u] + b'_i), z from horizontal and vertical convolutions over the last L movies."""

    card = ModelCard(
        name="Caser",
        family="sequential",
        block=Block.CNN,
        paper=Paper(
            authors="Tang and Wang",
            year=2018,
            title="Personalized Top-N Sequential Recommendation via Convolutional Sequence Embedding",
        ),
        sentence="Lays your last five movies under each other like a picture, and looks for patterns in it.",
        ratings=RATINGS,
        departures="No trained vector per person: the mean of the vectors of up to max_length movies takes its place, so that a newcomer has "
        "one. Only the next movie is asked for, not the next three. Softmax over the whole catalogue instead of three drawn movies; "
        "the bias starts from popularity.",
        parents=("FPMC",),
        uses_order=True,
    )
    Config = CaserConfig
    config: CaserConfig
    quick = QUICK_PREFIXES | {"epochs": 30}

    def network(self, n_items: int) -> nn.Module:
        """New filters."""
        return CaserNetwork(n_items, self.config)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Prefixes, one target each."""
        return Prefixes(histories, self.config.max_length, n_items)
