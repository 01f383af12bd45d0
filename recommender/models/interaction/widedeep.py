"""Wide & Deep: hand-made crosses learned by heart, beside a deep network that generalises."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.features.items import features
from recommender.layers.split_tower import SplitTower
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS, DeepConfig
from recommender.training.interaction_network import MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork, People

CROSSED = ("genres", "decade", "certificate", "runtime", "countries")
"""Features whose every value is crossed with every value: those with few of them."""


class WideDeepConfig(DeepConfig):
    """The wide part."""

    famous: int = Field(
        500,
        ge=0,
        le=10_000,
        description="The most rated movies, of which each is crossed with each: AND(watched A, offered B). Source: our choice, not swept; "
        "AND(installed app, impression app) in Cheng et al. (2016).",
        json_schema_extra={"unit": "movies"},
    )


class WideDeepNetwork(InteractionNetwork):
    """Σ over watched movies j of W[x_j, x_i] / √watched, x the crossed values, and tower([v_1, v_2, ...])."""

    def __init__(self, n_items: int, config: WideDeepConfig) -> None:
        super().__init__(n_items, config)
        d = config.dim
        self.tower = SplitTower(PERSON_FIELDS * d, MOVIE_FIELDS * d, config.tower, config.layers, config.tower_dropout)
        self.crosses = nn.UninitializedParameter()  # [values, values]
        self.famous = nn.Parameter(torch.zeros(config.famous + 1, config.famous + 1))  # the last is everything else
        self.register_buffer("x", torch.zeros(n_items, 0))
        self.register_buffer("rank", torch.zeros(n_items, dtype=torch.long))
        self.x: Tensor
        self.rank: Tensor

    def describe(self, x: NDArray[np.float32], counts: NDArray[np.int64]) -> None:
        """Take the movies' crossed values, 0 or 1, `[n_items, values]`, and how often each was rated `[n_items]`."""
        self.x = torch.from_numpy(x)
        self.crosses.materialize((x.shape[1], x.shape[1]))
        nn.init.zeros_(self.crosses)
        others = len(self.famous) - 1
        best = np.argsort(-counts, kind="stable")[:others]
        best = best[counts[best] > 0]
        self.rank = torch.full((len(x),), others)
        self.rank[torch.from_numpy(best)] = torch.arange(len(best))

    def crossed(self, people: People) -> tuple[Tensor, Tensor]:
        """Of everybody: what each value of a movie would add, `[batch, values]`, and each famous movie `[batch, famous + 1]`."""
        read = people.read / people.read.sum(dim=1, keepdim=True).clamp(min=1).sqrt()
        x = F.pad(self.x, (0, 0, 0, 1))  # the filling
        profile = F.embedding_bag(people.batch.items, x, mode="sum", per_sample_weights=read.to(x))
        ranks = F.pad(self.rank, (0, 1), value=len(self.famous) - 1)[people.batch.items]
        watched = torch.zeros(len(read), len(self.famous), device=read.device).scatter_add_(1, ranks, read)
        by_movie = watched[:, :-1] @ self.famous[:-1]
        return profile @ self.crosses, torch.cat([by_movie[:, :-1], torch.zeros_like(by_movie[:, :1])], dim=1)

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """The deep part."""
        return self.tower(person.flatten(1), movie.flatten(1))

    def pairs(self, people: People, movies: Tensor, who: Tensor, which: Tensor) -> Tensor:
        """Wide and deep."""
        by_value, by_movie = self.crossed(people)
        wide = (by_value.index_select(0, who) * self.x[which]).sum(dim=1)
        wide = wide + by_movie.flatten().index_select(0, who * by_movie.shape[1] + self.rank[which])
        return wide + super().pairs(people, movies, who, which)

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """The wide part is one product of matrices, the deep one's first layer is worked out once for each side."""
        by_value, by_movie = self.crossed(people)
        wide = by_value @ self.x.T + by_movie[:, self.rank]
        return wide + self.tower.every(people.fields.flatten(1), movies.flatten(1))


class WideDeep(InteractionRecommender):
    """ŷ = w_0 + Σ w_f + Σ over crosses that are true of W + tower([v_1, v_2, ...])."""

    card = ModelCard(
        name="Wide & Deep",
        family="interaction",
        block=Block.MLP,
        paper=Paper(
            authors="Cheng, Koc, Harmsen, Shaked, Chandra, Aradhye, Anderson, Corrado and others",
            year=2016,
            title="Wide & Deep Learning for Recommender Systems",
        ),
        sentence="Learns by heart what goes with what, one rule at a time, and lets a deep network guess where there is no rule.",
        ratings=RATINGS,
        departures="Crosses are those of a movie that you watched with the one on offer: of genres, decades, certificates, lengths and countries, all with all, "
        "and of the most rated movies with one another. A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. "
        "Both parts are trained by AdamW instead of FTRL and AdaGrad, with drawn movies as a no.",
        parents=("LR", "MLP"),
        side_information=READS,
    )
    Config = WideDeepConfig
    config: WideDeepConfig
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """New parts."""
        return WideDeepNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Declare the fields, and the crosses."""
        super().prepare(network, histories, catalog)
        values = [feature.matrix.toarray() for feature in features(catalog) if feature.name in CROSSED]
        counts = np.bincount(histories.items, minlength=len(catalog))
        cast(WideDeepNetwork, network).describe(np.concatenate(values, axis=1).astype(np.float32), counts)
