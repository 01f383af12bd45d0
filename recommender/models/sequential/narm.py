"""NARM: a recurrent network that also looks back at what it read."""

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
from recommender.training.presets import WindowsConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class NARMConfig(WindowsConfig):
    """How much is read, and forgotten."""

    max_length: int = Field(
        50,
        ge=1,
        le=1_024,
        description="The last so many ratings are read. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "ratings"},
    )
    dropout: float = Field(
        0.25, ge=0, lt=1, description="Share of activations put to zero in training. Source: Li et al. (2017)."
    )


class NARMNetwork(SequenceNetwork):
    """c_t = [h_t ; Σ_j α_tj h_j]: what the GRU came to, and where attention finds the purpose."""

    def __init__(self, n_items: int, config: NARMConfig) -> None:
        super().__init__(n_items, config.dim)
        d = config.dim
        self.gru = nn.GRU(d, d, batch_first=True)
        self.A_1, self.A_2 = nn.Linear(d, d, bias=False), nn.Linear(d, d, bias=False)
        self.v = nn.Linear(d, 1, bias=False)
        self.B = nn.Linear(2 * d, d, bias=False)
        self.dropout = Dropout(config.dropout)
        self.item_bias = ItemBias(n_items)
        nn.init.normal_(self.items.weight[:n_items], std=d**-0.5)

    def forward(self, batch: Batch) -> Tensor:
        """B c_t, at every rating, `[batch, length, dim]`."""
        h, _ = self.gru(self.dropout(self.items(batch.items)))  # [batch, length, dim]
        alpha = self.v((self.A_1(h)[:, :, None] + self.A_2(h)[:, None]).sigmoid())[
            ..., 0
        ].tril()  # [batch, length, length]
        offer(lambda: alpha[:, None])
        return self.B(self.dropout(torch.cat([h, alpha @ h], dim=-1)))

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class NARM(Attentive, SequenceRecommender):
    """P(next = i) ∝ exp(E_i · B c_t + b_i), α_tj = v · σ(A_1 h_t + A_2 h_j)."""

    card = ModelCard(
        name="NARM",
        family="sequential",
        block=Block.RNN,
        paper=Paper(
            authors="Li, Ren, Chen, Ren, Lian and Ma", year=2017, title="Neural Attentive Session-based Recommendation"
        ),
        sentence="Reads your ratings in order, then looks back over them for the ones that show what you are after.",
        ratings=RATINGS,
        departures="All prefixes of a window are learned from at once, each looking back over itself only; the numbers are those of one prefix at "
        "a time. A session is a window of max_length ratings. The bias per movie starts from popularity.",
        parents=("GRU4Rec",),
        uses_order=True,
    )
    Config = NARMConfig
    config: NARMConfig
    quick = QUICK
    weights_are = (
        "NARM's own weights α on its memory as it stood after each rating. Each is weighed by itself, without a softmax: they do not "
        "add up to 100 %, and can be negative."
    )
    looks_share = False

    def gaze(self, seen: list[Tensor], batch: Batch) -> Tensor:
        """α_tj at the last rating t."""
        return seen[0][0, 0, -1]

    def network(self, n_items: int) -> nn.Module:
        """A new GRU with attention."""
        return NARMNetwork(n_items, self.config)
