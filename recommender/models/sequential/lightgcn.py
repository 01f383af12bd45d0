"""LightGCN: tastes flow along the graph of who watched what."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.data import Catalog, Histories
from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.presets import WindowsConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class LightGCNConfig(WindowsConfig):
    """How far tastes flow."""

    max_length: int = Field(
        2_000,
        ge=1,
        le=16_384,
        description="The last so many ratings are a person's neighbours. Source: all that a person has, in practice.",
        json_schema_extra={"unit": "ratings"},
    )
    epochs: int = Field(
        30, ge=1, le=10_000, description="Passes over the examples at most. Source: our choice for CPUs, not swept."
    )
    batch_size: int = Field(
        16,
        ge=1,
        le=65_536,
        description="People per step of the optimiser. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "examples"},
    )
    learning_rate: float = Field(
        5e-3,
        gt=0,
        le=1,
        description="Step of AdamW. Source: our choice for CPUs, not swept; .001 in He et al. (2020).",
    )
    layers: int = Field(
        3, ge=1, le=9, description="K, hops between people and movies. Source: He et al. (2020); 3 was best or nearly."
    )


class LightGCNNetwork(SequenceNetwork):
    """e^(k+1) = D^-½ A D^-½ e^(k), the mean over k; people start at zero, so that they are what they watched."""

    def __init__(self, n_items: int, config: LightGCNConfig) -> None:
        super().__init__(n_items, config.dim)
        self.K = config.layers
        self.dropout = Dropout(config.dropout)
        self.item_bias = ItemBias(n_items)
        self.register_buffer("edges", torch.zeros(2, 0, dtype=torch.long), persistent=False)  # person, item
        self.register_buffer("weights", torch.zeros(0), persistent=False)  # 1 / √(|N_u| |N_i|)
        self.register_buffer("settled", torch.zeros(n_items, config.dim))
        self.edges: Tensor
        self.weights: Tensor
        self.settled: Tensor
        nn.init.normal_(self.items.weight[:n_items], std=0.1)

    def connect(self, histories: Histories) -> None:
        """Take the graph of who watched what."""
        pairs = np.unique(histories.rows * self.n_items + histories.items)
        self.edges = torch.from_numpy(np.stack(np.divmod(pairs, self.n_items)))
        people, items = (side.bincount()[side] for side in self.edges)  # |N_u| and |N_i|, at every edge
        self.weights = (people * items).float().rsqrt()

    def propagated(self) -> Tensor:
        """Σ_k e_i^(k) over the layers where movies have something: 0, 2, 4, ..; `[n_items, dim]`."""
        e = total = self.items.weight[: self.n_items]
        shape = (int(self.edges[0].max()) + 1, self.n_items)
        people_by_items = torch.sparse_coo_tensor(
            self.edges, self.weights, shape, is_coalesced=True, check_invariants=False
        )
        items_by_people = people_by_items.t()
        for _ in range(self.K // 2):
            e = torch.sparse.mm(items_by_people, torch.sparse.mm(people_by_items, e))
            total = total + e
        return total

    def forward(self, batch: Batch) -> Tensor:
        """e_u as the first 1, 2, .. ratings give it, `[batch, length, dim]`: Σ_i e_i / √(|N_u| |N_i|) over the read ratings."""
        e = self.table()[batch.items.clamp(max=self.n_items - 1)]
        e = e * self.counts[batch.items.clamp(max=self.n_items - 1)].clamp(min=1).rsqrt()[:, :, None]
        neighbours = torch.arange(1, e.shape[1] + 1, device=e.device)  # |N_u|
        return self.dropout(e.cumsum(dim=1) / neighbours.sqrt()[:, None])

    def table(self) -> Tensor:
        """The movies' vectors, `[n_items, dim]`, propagated anew in training."""
        return self.propagated() / (self.K + 1) if self.training else self.settled

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class LightGCN(SequenceRecommender):
    """ŷ_ui = e_u · e_i + b_i, both the mean over K layers of a linear graph convolution over people and movies."""

    card = ModelCard(
        name="LightGCN",
        family="sequential",
        block=Block.GNN,
        paper=Paper(
            authors="He, Deng, Wang, Li, Zhang and Wang",
            year=2020,
            title="LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation",
        ),
        sentence="Draws everybody and every movie as one large net, and lets taste seep along its threads.",
        ratings=RATINGS,
        departures="People have no vector of their own at layer 0, in training as in answering: they are the sum of their movies, so that a "
        "newcomer is folded in exactly. Hence movies have something at even layers only, and people at odd ones. It is trained on each "
        "next movie from those before it, by softmax instead of BPR, with a bias that starts from popularity.",
        parents=("BPR", "NGCF"),
    )
    Config = LightGCNConfig
    config: LightGCNConfig
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """New item vectors."""
        return LightGCNNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Popularity and the graph."""
        super().prepare(network, histories, catalog)
        cast(LightGCNNetwork, network).connect(histories)

    def settle(self, network: nn.Module) -> None:
        """Propagate once for all answers."""
        network = cast(LightGCNNetwork, network)
        network.settled.copy_(network.propagated() / (network.K + 1))
