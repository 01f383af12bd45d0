"""CDAE: a denoising autoencoder with a node of its own for everybody who was there in training."""

from __future__ import annotations

from typing import Any, Literal, cast

import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.layers.dropout import Dropout
from recommender.layers.popularity import log_share
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets, multi_hot
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.presets import QUICK_BASKETS, BasketsConfig
from recommender.training.recommender import RATINGS, TorchRecommender

PEOPLE = "net.people.weight"
"""The people's own nodes in the state."""


class CDAEConfig(BasketsConfig):
    """The network and its negatives."""

    activation: Literal["identity", "sigmoid", "tanh"] = Field(
        "identity",
        description="Of the hidden layer. Source: Wu et al. (2016) try all; our choice, not swept.",
    )
    dropout: float = Field(
        0.7,
        ge=0,
        lt=1,
        description="Share of a basket that is hidden in training. Source: our choice, not swept; Wu et al. (2016) try .2 to 1.",
    )
    weight_decay: float = Field(0.1, ge=0, le=10, description="AdamW's decay. Source: our choice, not swept.")
    patience: int = Field(
        8,
        ge=1,
        le=1_000,
        description="Epochs without a better NDCG@10 before it stops. Source: our choice, not swept.",
        json_schema_extra={"unit": "epochs"},
    )
    negatives: float = Field(
        5.0,
        gt=0,
        le=10_000,
        description="Movies not rated that are drawn for each one rated. Source: Wu et al. (2016).",
        json_schema_extra={"unit": "movies"},
    )
    absence: float = Field(
        0.5,
        ge=0,
        le=1,
        description="How often a person's own node is left out in training, as it is for everybody in answering; 1: there are none. "
        "Source: our choice, not swept; 0 in Wu et al. (2016).",
    )
    learning_rate: float = Field(3e-3, gt=0, le=1, description="Step of AdamW. Source: our choice, not swept.")


class CDAENetwork(nn.Module):
    """z = h(Wx̃ + V_u + b); logits W'z + b'."""

    people: nn.Embedding
    """V, while it is trained."""

    def __init__(self, n_items: int, config: CDAEConfig) -> None:
        super().__init__()
        self.n_items, self.absence = n_items, config.absence
        self.h = {"sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "identity": nn.Identity()}[config.activation]
        self.dropout = Dropout(config.dropout)
        self.W = nn.Linear(n_items, config.dim)
        self.W_out = nn.Linear(config.dim, n_items)

    def forward(self, x: Tensor, own: Tensor | None = None) -> Tensor:
        """Logits `[batch, n_items]` for baskets x, `[batch, n_items]`; `own`, `[batch, dim]`, are the people's nodes."""
        hidden = self.W(self.dropout(x))
        return self.W_out(self.h(hidden if own is None else hidden + own))


class CDAE(TorchRecommender):
    """Logistic loss over what was rated and, for each, five movies that were not."""

    card = ModelCard(
        name="CDAE",
        family="autoencoder",
        block=Block.MLP,
        paper=Paper(
            authors="Wu, DuBois, Zheng and Ester",
            year=2016,
            title="Collaborative Denoising Auto-Encoders for Top-N Recommender Systems",
        ),
        sentence="Learns to fill in the movies that somebody has struck out of your list.",
        ratings=RATINGS,
        departures="The paper gives each person a node of their own beside the list. Here those nodes take part in training only, half of the "
        "time, and are not kept: whoever asks may have come a minute ago, so everybody is answered from the list alone. The bias "
        "of the last layer starts from popularity.",
        parents=("AutoRec", "SVD++"),
    )
    Config = CDAEConfig
    config: CDAEConfig
    quick = QUICK_BASKETS | {"dropout": 0.5}

    def network(self, n_items: int) -> nn.Module:
        """A new autoencoder, without people."""
        return CDAENetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """A node for everybody in training, and a first guess by popularity."""
        network = cast(CDAENetwork, network)
        network.people = nn.Embedding(len(histories), self.config.dim)
        nn.init.normal_(network.people.weight, std=self.config.dim**-0.5)
        with torch.no_grad():
            network.W_out.bias.copy_(torch.from_numpy(log_share(histories.items, len(catalog))))

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets."""
        return Baskets(histories, self.config.max_length, n_items)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Mean over all movies asked for, rated and drawn."""
        network = cast(CDAENetwork, network)
        assert batch.people is not None
        x = multi_hot(batch, network.n_items)
        present = torch.rand(len(x), 1, device=x.device) >= network.absence
        logits = network(x, network.people(batch.people) * present)
        rated = x.sum(dim=1, keepdim=True)  # [batch, 1]
        odds = self.config.negatives * rated / (network.n_items - rated).clamp(min=1)
        asked = torch.maximum(x, (torch.rand_like(x) < odds).to(x))
        return F.binary_cross_entropy_with_logits(logits.float(), x, weight=asked, reduction="sum") / asked.sum()

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """Logits without a node of one's own, `[batch, n_items]`."""
        network = cast(CDAENetwork, network)
        return network(multi_hot(batch, network.n_items))

    def state(self) -> dict[str, NDArray[Any]]:
        """All but the people's nodes, which nobody will ask for."""
        return {name: array for name, array in super().state().items() if name != PEOPLE}
