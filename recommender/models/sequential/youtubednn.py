"""YouTube's candidate generator: the mean of what you watched, through a deep network."""

from __future__ import annotations

from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.data import Catalog, Histories
from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.running import running_mean
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.presets import WindowsConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class YouTubeDNNConfig(WindowsConfig):
    """The tower."""

    watched: int = Field(
        50,
        ge=1,
        le=16_384,
        description="Ratings that are averaged. Source: Covington et al. (2016).",
        json_schema_extra={"unit": "ratings"},
    )
    layers: int = Field(
        2,
        ge=1,
        le=8,
        description="Layers, each half as wide as the one before. Source: Covington et al. (2016), 1 to 4.",
    )


class YouTubeDNNNetwork(SequenceNetwork):
    """[mean of the watched vectors, example age, √age, age²] -> ReLU tower -> u."""

    def __init__(self, n_items: int, config: YouTubeDNNConfig) -> None:
        super().__init__(n_items, config.dim)
        d, self.watched = config.dim, config.watched
        widths = [d * 2**n for n in range(config.layers - 1, -1, -1)]  # ..., 2 dim, dim
        tower: list[nn.Module] = []
        for wide, narrow in zip([d + 3, *widths], widths, strict=False):
            tower += [nn.Linear(wide, narrow), nn.ReLU(), Dropout(config.dropout)]
        self.tower = nn.Sequential(*tower)
        self.dropout = Dropout(config.dropout)
        self.v = nn.Embedding(n_items, d)
        self.item_bias = ItemBias(n_items)
        self.register_buffer("span", torch.zeros(2, dtype=torch.float64))  # first and last second of training
        self.span: Tensor
        for table in (self.items.weight[:n_items], self.v.weight):
            nn.init.normal_(table, std=d**-0.5)

    def forward(self, batch: Batch) -> Tensor:
        """u at every rating, `[batch, length, dim]`."""
        watched = self.dropout(running_mean(self.items(batch.items), self.watched))
        first, last = self.span
        age = ((last - batch.timestamps) / (last - first).clamp(min=1)).clamp(0, 1).to(watched)[:, :, None]
        return self.tower(torch.cat([watched, age, age.sqrt(), age**2], dim=-1))

    def table(self) -> Tensor:
        """v, the softmax's own weights, `[n_items, dim]`."""
        return self.v.weight

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class YouTubeDNN(SequenceRecommender):
    """P(watch = i | u) ∝ exp(v_i · u + b_i): extreme multiclass classification, the retrieval half of Covington et al. (2016)."""

    card = ModelCard(
        name="YouTubeDNN",
        family="sequential",
        block=Block.MLP,
        paper=Paper(
            authors="Covington, Adams and Sargin", year=2016, title="Deep Neural Networks for YouTube Recommendations"
        ),
        sentence="Averages your last fifty movies, in whatever order, and lets a deep network say what such a taste watches next.",
        ratings=RATINGS,
        departures="No searches, places or devices: MovieLens has none. The example age is that of the last rating read, not of the one to be "
        "predicted, so that it is known when answering, and counts from 0, the end of the training data. The softmax runs over "
        "the whole catalogue, without drawn negatives, and its bias starts from popularity. The tower is small, for CPUs.",
        parents=("MLP",),
    )
    Config = YouTubeDNNConfig
    config: YouTubeDNNConfig
    quick = QUICK | {"epochs": 20, "layers": 1}

    def network(self, n_items: int) -> nn.Module:
        """A new tower."""
        return YouTubeDNNNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Popularity, and when training began and ended."""
        super().prepare(network, histories, catalog)
        times = histories.timestamps
        cast(YouTubeDNNNetwork, network).span.copy_(torch.tensor([times.min(), times.max()]))
