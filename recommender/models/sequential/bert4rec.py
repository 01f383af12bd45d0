"""BERT4Rec: fill in the blank, and let the blank be the next movie."""

from __future__ import annotations

from typing import cast

from pydantic import Field
from torch import Tensor, nn

from recommender.data import Histories
from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.transformer import TransformerBlock
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.looking import Attentive
from recommender.training.masked_items import MaskedItems, with_mask
from recommender.training.presets import AttentionConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class BERT4RecConfig(AttentionConfig):
    """The transformer's size, and how much is hidden from it."""

    epochs: int = Field(
        40, ge=1, le=10_000, description="Passes over the examples at most. Source: our choice for CPUs, not swept."
    )
    heads: int = Field(2, ge=1, le=64, description="Attention heads; they share dim evenly. Source: Sun et al. (2019).")
    hidden: float = Field(
        0.2,
        gt=0,
        lt=1,
        description="ρ, the share of ratings hidden in training. Source: Sun et al. (2019), for MovieLens.",
    )


class BERT4RecNetwork(SequenceNetwork):
    """Items, the mask among them, and positions in; blocks that look both ways; a head, and the item table again."""

    def __init__(self, n_items: int, config: BERT4RecConfig) -> None:
        super().__init__(n_items, config.dim)
        d = config.dim
        self.items = nn.Embedding(n_items + 2, d, padding_idx=n_items)  # the items, the filling, the mask
        self.positions = nn.Embedding(config.max_length + 1, d)
        self.norm, self.dropout = nn.LayerNorm(d), Dropout(config.dropout)
        self.blocks = nn.ModuleList(
            TransformerBlock(d, config.heads, 4, config.dropout, causal=False) for _ in range(config.blocks)
        )
        self.head = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, d), nn.GELU(), nn.LayerNorm(d))
        self.item_bias = ItemBias(n_items)
        for table in (self.items.weight[:n_items], self.items.weight[n_items + 1 :], self.positions.weight):
            nn.init.normal_(table, std=0.02)

    def forward(self, batch: Batch) -> Tensor:
        """What belongs at every place, `[batch, length, dim]`."""
        from_end = batch.lengths[:, None] - 1 - batch.mask.cumsum(dim=1).sub(1)  # [batch, length]: 0 at the newest
        x = self.items(batch.items) + self.positions(from_end.clamp(min=0))
        x = self.dropout(self.norm(x))
        for block in self.blocks:
            x = block(x, batch.mask)
        return self.head(x)

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class BERT4Rec(Attentive, SequenceRecommender):
    """P(hidden = i | the rest) ∝ exp(GELU(h W + b) · E_i + b_i), h by self-attention from both sides."""

    card = ModelCard(
        name="BERT4Rec",
        family="sequential",
        block=Block.ATTENTION,
        paper=Paper(
            authors="Sun, Liu, Wu, Pei, Lin, Ou and Jiang",
            year=2019,
            title="BERT4Rec: Sequential Recommendation with Bidirectional Encoder Representations from Transformer",
        ),
        sentence="Learns to fill gaps in people's histories from both sides; your next movie is the gap at the end of yours.",
        ratings=RATINGS,
        departures="A quarter of the examples hide the last movie alone, the question that is asked later. Positions count from the end. Norms "
        "stand before attention instead of after it, so that no warm-up is needed. The bias per movie starts from popularity.",
        parents=("SASRec", "BERT"),
        uses_order=True,
    )
    Config = BERT4RecConfig
    config: BERT4RecConfig
    quick = QUICK | {"epochs": 200, "dropout": 0.1, "learning_rate": 0.005}

    weights_are = (
        "What the blank at the end looked at: the attention of all blocks multiplied together, with half of every block passing by "
        "unchanged (attention rollout, Abnar and Zuidema 2020); what it saw of itself is left out."
    )

    def gaze(self, seen: list[Tensor], batch: Batch) -> Tensor:
        """The rollout from the blank, shared out among the ratings."""
        weights = super().gaze(seen, batch)[:-1]
        return weights / weights.sum()

    def network(self, n_items: int) -> nn.Module:
        """A new transformer."""
        return BERT4RecNetwork(n_items, self.config)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Histories with hidden movies."""
        return MaskedItems(histories, self.config.max_length, n_items, self.config.hidden)

    def asked(self, network: nn.Module, batch: Batch) -> Batch:
        """The mask stands behind each history: what belongs there comes next."""
        return with_mask(batch, cast(BERT4RecNetwork, network).n_items)
