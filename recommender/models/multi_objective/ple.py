"""PLE: readers of one's own beside shared ones, in two storeys, so that goals that disagree need not spoil each other."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.layers.experts import Grouped, Towers, mixed, side_by_side
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction_config import QUICK, READS
from recommender.training.objectives import (
    OBJECTIVES,
    RATINGS,
    ObjectivesConfig,
    ObjectivesNetwork,
    ObjectivesRecommender,
)


class PLEConfig(ObjectivesConfig):
    """The panels."""

    own: int = Field(1, ge=1, le=64, description="Experts of each objective. Source: our choice for CPUs, not swept.")
    shared: int = Field(2, ge=1, le=64, description="Shared experts. Source: our choice for CPUs, not swept.")


class PLENetwork(ObjectivesNetwork):
    """In each storey an objective mixes its own experts and the shared ones; the shared ones of the upper storey read a mixture of all."""

    def __init__(self, n_items: int, config: PLEConfig) -> None:
        tasks, self.own, self.shared, self.width = len(OBJECTIVES), config.own, config.shared, config.hidden
        self.all = tasks * self.own + self.shared
        gates = tasks * (self.own + self.shared) + self.all
        super().__init__(n_items, config, joint=self.all * self.width + gates)
        self.upper = Grouped(self.all, self.width, self.width)
        self.upper_gates = Grouped(tasks, self.width, self.own + self.shared)
        self.towers = Towers(tasks, config.hidden, config.hidden, config.tower_dropout)

    def heads(self, joint: Tensor) -> Tensor:
        """Two storeys, then the towers."""
        tasks, each = len(OBJECTIVES), self.own + self.shared
        opinions, gates, shared_gate = torch.split(joint, [self.all * self.width, tasks * each, self.all], dim=1)
        experts = side_by_side(opinions.relu(), self.all)
        of_tasks = self.chosen(experts, side_by_side(gates, tasks))  # [tasks, n, width]
        of_shared = mixed(experts, shared_gate)  # [n, width]
        inputs = [of_tasks.repeat_interleave(self.own, dim=0), of_shared.expand(self.shared, -1, -1)]
        return self.towers(self.chosen(self.upper(torch.cat(inputs)).relu(), self.upper_gates(of_tasks)))

    def chosen(self, experts: Tensor, gates: Tensor) -> Tensor:
        """Every objective's mixture of its own experts and the shared ones, which stand last, `[tasks, n, width]`."""
        *own, shared = torch.split(experts, [*[self.own] * len(OBJECTIVES), self.shared])
        return torch.stack([mixed(torch.cat([one, shared]), gate) for one, gate in zip(own, gates, strict=True)])


class PLE(ObjectivesRecommender):
    """ŷ_t = tower_t of what two storeys of own and shared experts make of x."""

    card = ModelCard(
        name="PLE",
        family="multi_objective",
        block=Block.MLP,
        paper=Paper(
            authors="Tang, Liu, Zhao and Gong",
            year=2020,
            title="Progressive Layered Extraction (PLE): A Novel Multi-Task Learning (MTL) Model for Personalized Recommendations",
        ),
        sentence="Gives every goal readers of its own beside the common ones, so that a goal that wants something else need not spoil the others.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. Experts are one layer wide. Objectives other than watching are learnt from what was watched alone.",
        parents=("MMOE",),
        side_information=READS,
    )
    Config = PLEConfig
    config: PLEConfig
    quick = QUICK | {"epochs": 100, "learning_rate": 0.02}

    def network(self, n_items: int) -> nn.Module:
        """A new network."""
        return PLENetwork(n_items, self.config)
