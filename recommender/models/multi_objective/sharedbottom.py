"""Shared bottom: one reading of a person and a movie, and a tower per objective on top of it."""

from __future__ import annotations

from torch import Tensor, nn

from recommender.layers.experts import Towers
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction_config import QUICK, READS
from recommender.training.objectives import (
    OBJECTIVES,
    RATINGS,
    ObjectivesConfig,
    ObjectivesNetwork,
    ObjectivesRecommender,
)


class SharedBottomNetwork(ObjectivesNetwork):
    """h = ReLU(W [person, movie] + b); a tower per objective over h."""

    def __init__(self, n_items: int, config: ObjectivesConfig) -> None:
        super().__init__(n_items, config, joint=config.hidden)
        self.towers = Towers(len(OBJECTIVES), config.hidden, config.hidden, config.tower_dropout)

    def heads(self, joint: Tensor) -> Tensor:
        """All towers read the same."""
        return self.towers(joint.relu().expand(len(OBJECTIVES), -1, -1))


class SharedBottom(ObjectivesRecommender):
    """ŷ_t = tower_t(ReLU(W x + b))."""

    card = ModelCard(
        name="SharedBottom",
        family="multi_objective",
        block=Block.MLP,
        paper=Paper(
            authors="Caruana",
            year=1997,
            title="Multitask Learning",
        ),
        sentence="Reads you and the movie once, and lets every goal draw its own conclusion from the same notes.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. Objectives other than watching are learnt from what was watched alone.",
        parents=("MLP",),
        side_information=READS,
    )
    Config = ObjectivesConfig
    config: ObjectivesConfig
    quick = QUICK | {"epochs": 100}

    def network(self, n_items: int) -> nn.Module:
        """A new network."""
        return SharedBottomNetwork(n_items, self.config)
