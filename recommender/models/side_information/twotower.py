"""TwoTower: one network for what somebody watched, one for what a movie is, and nothing between them but a dot product."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.features.described import READS
from recommender.features.items import features, shared_values
from recommender.features.newcomers import values_of
from recommender.features.texts import WIDTH
from recommender.layers.feature_sum import FeatureSum
from recommender.layers.popularity import log_share
from recommender.layers.preference import NEUTRAL
from recommender.losses.batch_softmax import batch_softmax
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.features import FeatureRecommender, FeaturesConfig
from recommender.training.presets import QUICK_BASKETS, BasketsConfig
from recommender.training.validation import without


class TwoTowerConfig(BasketsConfig, FeaturesConfig):
    """The towers."""

    temperature: float = Field(
        0.1,
        gt=0,
        le=10,
        description="τ, by which cosines are divided. Source: our choice, not swept; tuned in Yi (2019).",
    )
    anonymity: float = Field(
        0.5,
        ge=0,
        le=1,
        description="How often a movie's own vector is left out in training, so that its features learn to stand alone. "
        "Source: our choice, not swept; 0 in Yi et al. (2019).",
    )
    targets: int = Field(
        1_024,
        ge=2,
        le=65_536,
        description="Targets of a batch that are held against each other at most. Source: 512 to 8,192 in Yi et al. (2019).",
        json_schema_extra={"unit": "ratings"},
    )


class TwoTowerNetwork(nn.Module):
    """A movie is [Σ features, text]; u = f(mean of the watched), v = g(the offered), both of length 1."""

    def __init__(self, n_items: int, config: TwoTowerConfig) -> None:
        super().__init__()
        d, self.n_items = config.dim, n_items
        self.features = FeatureSum(n_items, d, config.anonymity)
        self.register_buffer("texts", torch.zeros(n_items, WIDTH))
        self.register_buffer("log_q", torch.zeros(n_items))
        self.register_buffer("movies", torch.zeros(n_items + 1, d + WIDTH))  # settled, the last row is the filling
        self.register_buffer("v", torch.zeros(n_items, d))  # settled
        self.texts: Tensor
        self.log_q: Tensor
        self.movies: Tensor
        self.v: Tensor
        self.watching, self.offering = (
            nn.Sequential(nn.Linear(d + WIDTH, 2 * d), nn.ReLU(), nn.Linear(2 * d, d)) for _ in range(2)
        )

    def described(self) -> Tensor:
        """[Σ features, text] of every movie and of the filling, `[n_items + 1, dim + WIDTH]`."""
        return F.pad(torch.cat([self.features(), self.texts], dim=1), (0, 0, 0, 1))

    def u(self, watched: Tensor) -> Tensor:
        """The person, from the mean of what they watched, `[..., dim + WIDTH]` -> `[..., dim]`."""
        return F.normalize(self.watching(watched), dim=-1)

    def v_of(self, movies: Tensor) -> Tensor:
        """What is offered, `[..., dim + WIDTH]` -> `[..., dim]`."""
        return F.normalize(self.offering(movies), dim=-1)


def mean_of(movies: Tensor, items: Tensor, counted: Tensor) -> Tensor:
    """Mean of the movies that are counted, `[batch, width]`, 0 where none is; `items` and `counted` are `[batch, length]`."""
    total = F.embedding_bag(items, movies, mode="sum", per_sample_weights=counted.to(movies))
    return total / counted.sum(dim=1, keepdim=True).clamp(min=1)


class TwoTower(FeatureRecommender):
    """s(u, v) = u·v / τ; the loss is a softmax over the batch's own targets with the log-Q correction."""

    card = ModelCard(
        name="TwoTower",
        family="side_information",
        block=Block.MLP,
        paper=Paper(
            authors="Yi, Yang, Hong, Cheng, Heldt, Kumthekar, Zhao, Wei and Chi",
            year=2019,
            title="Sampling-Bias-Corrected Neural Modeling for Large Corpus Item Recommendations",
        ),
        sentence="One network reads you, another reads the movie, and they agree on a place where the two should meet.",
        ratings="Movies below two and a half stars are not read, in training neither: a dislike has no reward. All others count alike.",
        departures="How often a movie turns up in a batch is counted beforehand instead of being estimated from a stream, since the data lie still. "
        "A person is the mean of what they watched, without queries, places or devices. Watching is the only reward; what to predict is a hidden part of the list, in no order. A movie's own vector "
        "is left out half of the time in training.",
        parents=("YouTubeDNN",),
        side_information=READS,
        scores_cold_items=True,
    )
    Config = TwoTowerConfig
    config: TwoTowerConfig
    quick = QUICK_BASKETS | {"text": "lsa", "dim": 32, "epochs": 100, "dropout": 0.3, "anonymity": 0.0}

    def network(self, n_items: int) -> nn.Module:
        """New towers."""
        return TwoTowerNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Texts, features, and how often each movie is a target."""
        network, n_items = cast(TwoTowerNetwork, network), len(catalog)
        known = np.bincount(histories.items, minlength=n_items) > 0
        network.features.describe(shared_values(features(catalog), n_items), known)
        network.texts = self.texts
        network.log_q = torch.from_numpy(log_share(histories.items, n_items))

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets, of which a part is hidden in each step; a dislike has no reward, so it is neither read nor asked for."""
        return Baskets(without(histories, histories.ratings < NEUTRAL), self.config.max_length, n_items)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """What is hidden of the baskets, from what is not; some of it, drawn at random, if it is too much."""
        network = cast(TwoTowerNetwork, network)
        movies = network.described()
        hidden = (torch.rand(batch.items.shape, device=batch.items.device) < self.config.dropout) & batch.mask
        at = hidden.nonzero()
        person, place = at[torch.randperm(len(at), device=at.device)[: self.config.targets]].unbind(dim=1)
        targets = batch.items[person, place]
        u = network.u(mean_of(movies, batch.items, batch.mask & ~hidden)).index_select(0, person)
        scores = u @ network.v_of(movies.index_select(0, targets)).T / self.config.temperature
        return batch_softmax(scores, targets, network.log_q[targets]) if len(targets) else scores.sum()

    def settle(self, network: nn.Module) -> None:
        """All movies through their tower."""
        network = cast(TwoTowerNetwork, network)
        network.movies.copy_(network.eval().described())
        network.v.copy_(network.v_of(network.movies[:-1]))

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """u·v / τ, `[batch, n_items]`."""
        network = cast(TwoTowerNetwork, network)
        return self._agreement(network, batch, network.v)

    def _agreement(self, network: TwoTowerNetwork, batch: Batch, v: Tensor) -> Tensor:
        return self._person(network, batch) @ v.T

    def _person(self, network: TwoTowerNetwork, batch: Batch) -> Tensor:
        return network.u(mean_of(network.movies, batch.items, batch.mask)) / self.config.temperature

    def person_vectors(self, histories: Histories) -> NDArray[np.float32]:
        """u / τ, `[batch, dim]`."""
        network = cast(TwoTowerNetwork, self.net)
        return self.place_by(histories, network.v.shape[1], lambda batch: self._person(network, batch))

    def item_vectors(self) -> NDArray[np.float32]:
        """v, `[n_items, dim]`."""
        return cast(TwoTowerNetwork, self.net).v.numpy()

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """u·v / τ of the newcomers, `[batch, n_newcomers]`."""
        network = cast(TwoTowerNetwork, self.net)
        values, texts = values_of(catalog, newcomers), self.newcomers_texts(catalog, newcomers, network.texts)
        with torch.inference_mode():
            v = network.v_of(torch.cat([network.features.of(values), texts], dim=1))
        return self.place_by(histories, len(newcomers), lambda batch: self._agreement(network, batch, v))
