"""LR: every field has its weight, and no two of them meet."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS
from recommender.training.interaction_network import InteractionNetwork


class LRNetwork(InteractionNetwork):
    """The first-order weights alone."""

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Nothing."""
        return torch.zeros(len(person), device=person.device)

    def shared(self, batch: Batch) -> Tensor:
        """The movies' part of the logit, which is the same for everybody, `[batch, n_items]`."""
        return self.movies[..., -1].sum(dim=1).expand(len(batch.items), -1)

    def some(self, batch: Batch, items: Tensor) -> Tensor:
        """The same of some movies `[n]`, `[batch, n]`."""
        return self.shared(batch)[:, items]


class LR(InteractionRecommender):
    """ŷ = w_0 + Σ w_f. What a person adds is the same for every movie, so everybody gets one list."""

    card = ModelCard(
        name="LR",
        family="interaction",
        block=Block.LINEAR,
        paper=Paper(
            authors="Richardson, Dominowska and Ragno",
            year=2007,
            title="Predicting Clicks: Estimating the Click-Through Rate for New Ads",
        ),
        sentence="Adds up a weight for every fact about a movie. Since no fact about you meets one about the movie, all get the same list.",
        ratings=RATINGS,
        departures="Fields of movies instead of advertisements, learned vectors of length one instead of standardised counts. What a person adds is "
        "left away in answering: it moves no rank.",
        parents=(),
        side_information=READS,
        personal=False,
    )
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """New weights."""
        return LRNetwork(n_items, self.config)

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """What the movies add, `[batch, n_items]`."""
        return cast(LRNetwork, network).shared(batch)
