"""MMOE: several readers, and for every objective a gate that says whom to believe."""

from __future__ import annotations

from pydantic import Field
from torch import Tensor, nn

from recommender.layers.experts import Towers, panel
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction_config import QUICK, READS
from recommender.training.objectives import (
    OBJECTIVES,
    RATINGS,
    ObjectivesConfig,
    ObjectivesNetwork,
    ObjectivesRecommender,
)


class MMOEConfig(ObjectivesConfig):
    """The panel."""

    experts: int = Field(
        4, ge=1, le=64, description="Experts. Source: our choice for CPUs, not swept; 8 in Ma et al. (2018)."
    )


class MMOENetwork(ObjectivesNetwork):
    """e_k = ReLU(W_k x + b_k); tower_t(Σ_k softmax(G_t x)_k e_k)."""

    def __init__(self, n_items: int, config: MMOEConfig) -> None:
        self.experts, self.width = config.experts, config.hidden
        super().__init__(n_items, config, joint=config.experts * (config.hidden + len(OBJECTIVES)))
        self.towers = Towers(len(OBJECTIVES), config.hidden, config.hidden, config.tower_dropout)

    def heads(self, joint: Tensor) -> Tensor:
        """The experts' opinions, mixed for each objective."""
        return self.towers(panel(joint, self.experts, self.width))


class MMOE(ObjectivesRecommender):
    """ŷ_t = tower_t(Σ_k g_t,k e_k)."""

    card = ModelCard(
        name="MMOE",
        family="multi_objective",
        block=Block.MLP,
        paper=Paper(
            authors="Ma, Zhao, Yi, Chen, Hong and Chi",
            year=2018,
            title="Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts",
        ),
        sentence="Keeps a panel of readers, and every goal decides for itself, movie by movie, whom of them to believe.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. Experts are one layer wide. Objectives other than watching are learnt from what was watched alone.",
        parents=("SharedBottom",),
        side_information=READS,
    )
    Config = MMOEConfig
    config: MMOEConfig
    quick = QUICK | {"epochs": 100}

    def network(self, n_items: int) -> nn.Module:
        """A new network."""
        return MMOENetwork(n_items, self.config)
