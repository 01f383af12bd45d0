"""HybridMF: factors that are sums over features, LightFM's idea."""

from __future__ import annotations

from typing import Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from recommender.data import Catalog, Histories
from recommender.features.items import READS, features, shared_values
from recommender.features.newcomers import values_of
from recommender.layers.dropout import Dropout
from recommender.layers.feature_sum import FeatureSum
from recommender.layers.running import running_mean
from recommender.layers.standing import ranked, stood
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.objective import NEVER
from recommender.training.presets import WindowsConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class HybridMFConfig(WindowsConfig):
    """The factors and their loss."""

    loss: Literal["softmax", "sampled_softmax", "bce", "gbce", "bpr", "bpr_max", "top1_max"] = Field(
        "softmax",
        description="softmax: against the whole catalogue; the others: against drawn items. Source: our choice, not swept; "
        "BPR or WARP in Kula (2015).",
    )
    fewest: int = Field(
        10,
        ge=1,
        le=1_000,
        description="Movies that must share a value of a feature. Source: of 2 and 10 the better one on cold movies in validation on the embedded "
        "data: what few movies share becomes their own name, which new movies lack.",
        json_schema_extra={"unit": "movies"},
    )
    anonymity: float = Field(
        0.3,
        ge=0,
        le=1,
        description="How often a movie's own vector is left out in training, so that its features learn to stand alone. "
        "Source: our choice, not swept; 0 in Kula (2015).",
    )


class HybridMFNetwork(SequenceNetwork):
    """p_u = mean of the movies' e as read; q_i and b_i the movie's e as offered. Each e is a sum over features."""

    def __init__(self, n_items: int, config: HybridMFConfig) -> None:
        nn.Module.__init__(self)
        self.n_items = n_items
        self.read = FeatureSum(n_items, config.dim, config.anonymity)
        self.offered = FeatureSum(n_items, config.dim + 1, config.anonymity)  # the last column is the bias
        self.dropout = Dropout(config.dropout)
        self.register_buffer("counts", torch.zeros(n_items))
        self.register_buffer("settled_read", torch.zeros(n_items, config.dim))
        self.register_buffer("settled_offered", torch.zeros(n_items, config.dim + 1))
        self.register_buffer("said", torch.zeros(n_items, config.dim + 1))  # offered, by features alone
        self.said: Tensor
        self.settled_read: Tensor
        self.settled_offered: Tensor

    def forward(self, batch: Batch) -> Tensor:
        """p at every rating, `[batch, length, dim]`."""
        e = self.read() if self.training else self.settled_read
        e = torch.cat([e, e.new_zeros(1, e.shape[1])])  # the filling
        return self.dropout(running_mean(e[batch.items]))

    def table(self) -> Tensor:
        """q, `[n_items, dim]`. Of one step, as is `bias`: which movies go without their own vector is drawn once for both."""
        if self.training:
            self.now = self.offered()
        return (self.now if self.training else self.settled_offered)[:, :-1]

    def bias(self) -> Tensor:
        """b, `[n_items]`; asked for after `table`. In training a movie that nobody rated is no rival: its features would be blamed."""
        if self.training:
            return self.now[:, -1].masked_fill(self.offered.known[:, 0] == 0, NEVER)
        return self.settled_offered[:, -1]


class HybridMF(SequenceRecommender):
    """Score p_u·q_i + b_i, where p_u, q_i and b_i are sums over features."""

    card = ModelCard(
        name="HybridMF",
        family="side_information",
        block=Block.LINEAR,
        paper=Paper(
            authors="Kula", year=2015, title="Metadata Embeddings for User and Item Cold-start Recommendations"
        ),
        sentence="Knows a movie by the sum of its parts: genre, decade, director, cast and, once it has been rated, itself.",
        ratings=RATINGS,
        departures="A person has no vector of their own: they are the mean of the movies that they watched, each a sum over features as well. "
        "The loss is a softmax over the whole catalogue; BPR is a setting, WARP is left out, since a softmax does what it "
        "approximates. A movie's own vector is left out now and then in training. What features say of a movie "
        "that nobody rated is brought to the scale of the rated movies' scores, rank by rank, since a prediction is timid and would never come to the "
        "top of a list.",
        parents=("MF", "BPR"),
        side_information=READS,
        scores_cold_items=True,
    )
    Config = HybridMFConfig
    config: HybridMFConfig
    quick = QUICK | {"epochs": 20, "fewest": 2}

    def network(self, n_items: int) -> nn.Module:
        """New factors, not yet knowing of what."""
        return HybridMFNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Read the features."""
        super().prepare(network, histories, catalog)
        network = cast(HybridMFNetwork, network)
        known = np.bincount(histories.items, minlength=len(catalog)) > 0
        values = shared_values(features(catalog), len(catalog), self.config.fewest)
        for part in (network.read, network.offered):
            part.describe(values, known)
        with torch.no_grad():
            for vectors in (network.offered.own, network.offered.E):
                vectors[:, -1] = 0

    def settle(self, network: nn.Module) -> None:
        """Sum once for all."""
        network = cast(HybridMFNetwork, network)
        network.settled_read.copy_(network.read.eval()())
        network.settled_offered.copy_(network.offered.eval()())
        network.said.copy_(network.settled_offered - network.offered.own * network.offered.known)

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """p·q + b, `[batch, n_items]`; a movie that nobody rated stands where its features have it among the rated ones."""
        network = cast(HybridMFNetwork, network)
        p = batch.last(network(batch))
        say = p @ network.said[:, :-1].T + network.said[:, -1]
        return ranked(super().scores(network, batch), say, network.offered.known[:, 0] > 0)

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """p·q + b of the newcomers, `[batch, n_newcomers]`."""
        network = cast(HybridMFNetwork, self.net)
        with torch.inference_mode():
            offered = network.offered.of(values_of(catalog, newcomers, self.config.fewest))

        known = network.offered.known[:, 0] > 0

        def scores(batch: Batch) -> Tensor:
            p, say = batch.last(network(batch)), network.said[known]
            new, told = (p @ part[:, :-1].T + part[:, -1] for part in (offered, say))
            return stood(new, told, self.scores(network, batch)[:, known])

        return self.place_by(histories, len(newcomers), scores)
