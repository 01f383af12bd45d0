"""NFM: all pairs of fields pooled into one vector, and a deep network on top of it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from recommender.layers.dropout import Dropout
from recommender.layers.pairwise import pairwise
from recommender.layers.tower import Tower
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS, DeepConfig
from recommender.training.interaction_network import InteractionNetwork, People


class NFMNetwork(InteractionNetwork):
    """tower(Σ_(f<g) v_f ⊙ v_g)."""

    def __init__(self, n_items: int, config: DeepConfig) -> None:
        super().__init__(n_items, config)
        self.pooled = nn.Sequential(nn.BatchNorm1d(config.dim), Dropout(config.tower_dropout))
        self.tower = Tower(config.dim, config.tower, config.layers, config.tower_dropout)

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """The tower over what is pooled."""
        pooled = pairwise(person) + pairwise(movie) + person.sum(dim=1) * movie.sum(dim=1)
        return self.tower(self.pooled(pooled))

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """Each side is pooled once; what lies across is the product of two sums."""
        within, total = pairwise(movies), movies.sum(dim=1)  # [n_items, dim] each
        rows = zip(pairwise(people.fields), people.fields.sum(dim=1), strict=True)
        return torch.stack([self.tower(self.pooled(pairs + within + sums * total)) for pairs, sums in rows])


class NFM(InteractionRecommender):
    """ŷ = w_0 + Σ w_f + tower(Σ_(f<g) v_f ⊙ v_g)."""

    card = ModelCard(
        name="NFM",
        family="interaction",
        block=Block.MLP,
        paper=Paper(
            authors="He and Chua", year=2017, title="Neural Factorization Machines for Sparse Predictive Analytics"
        ),
        sentence="Pools all that any two facts have to say into one small vector, and lets a deep network read that instead of the facts.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. Two layers "
        "instead of one, and no vectors learned by FM beforehand. Trained by AdamW with drawn movies as a no.",
        parents=("FM", "MLP"),
        side_information=READS,
    )
    Config = DeepConfig
    config: DeepConfig
    quick = QUICK | {"dim": 16, "tower_dropout": 0.0, "learning_rate": 0.01}

    def network(self, n_items: int) -> nn.Module:
        """A new tower."""
        return NFMNetwork(n_items, self.config)
