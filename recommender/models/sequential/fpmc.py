"""FPMC: a Markov chain whose transitions are factorised, and a taste beside it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.running import running_mean
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.presets import WindowsConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class FPMCNetwork(SequenceNetwork):
    """[v_u ; v_l] against [v_i^IU ; v_i^IL]: the inner product is the sum of taste and transition."""

    def __init__(self, n_items: int, config: WindowsConfig) -> None:
        super().__init__(n_items, config.dim)
        d = config.dim
        self.LI = nn.Embedding(n_items + 1, d, padding_idx=n_items)  # a movie as the one watched last
        self.IU, self.IL = (
            nn.Embedding(n_items, d),
            nn.Embedding(n_items, d),
        )  # as the next one, for a taste and for a last movie
        self.dropout = Dropout(config.dropout)
        self.item_bias = ItemBias(n_items)
        for table in (self.items.weight[:n_items], self.LI.weight[:n_items], self.IU.weight, self.IL.weight):
            nn.init.normal_(table, std=d**-0.5)

    def forward(self, batch: Batch) -> Tensor:
        """[v_u ; v_l] at every rating, `[batch, length, 2 dim]`."""
        v_u = running_mean(self.items(batch.items))
        return self.dropout(torch.cat([v_u, self.LI(batch.items)], dim=-1))

    def table(self) -> Tensor:
        """[v^IU ; v^IL], `[n_items, 2 dim]`."""
        return torch.cat([self.IU.weight, self.IL.weight], dim=1)

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class FPMC(SequenceRecommender):
    """x̂_{u,l,i} = v_u^UI · v_i^IU + v_l^LI · v_i^IL + b_i."""

    card = ModelCard(
        name="FPMC",
        family="sequential",
        block=Block.LINEAR,
        paper=Paper(
            authors="Rendle, Freudenthaler and Schmidt-Thieme",
            year=2010,
            title="Factorizing Personalized Markov Chains for Next-Basket Recommendation",
        ),
        sentence="Adds up what suits your taste and what usually follows the movie that you rated last.",
        ratings=RATINGS,
        departures="A person's vector is the mean of vectors of what they rated so far, so that a newcomer has one. Baskets hold one movie, and the "
        "product of taste and last movie, which never changes an order, is left out as in the paper. Softmax over the catalogue "
        "instead of S-BPR (a setting), with a bias that starts from popularity.",
        parents=("Markov", "BPR"),
        uses_order=True,
    )
    Config = WindowsConfig
    config: WindowsConfig
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """New factors."""
        return FPMCNetwork(n_items, self.config)
