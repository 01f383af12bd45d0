"""ESMM: what is liked is a part of what is watched, so liking is learnt from everything that was ever offered."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.layers.experts import Towers, side_by_side
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction_config import QUICK, READS
from recommender.training.objectives import (
    LIKE,
    LOVE,
    OBJECTIVES,
    RATINGS,
    SOON,
    WATCH,
    ObjectivesConfig,
    ObjectivesNetwork,
    ObjectivesRecommender,
)

SURE = 1e-6
"""Nothing is taken for more certain than this, so that a logarithm stays finite."""


class ESMMNetwork(ObjectivesNetwork):
    """A tower per objective over the same fields; P(like) = P(watch) P(like | watch), P(love) = P(like) P(love | like)."""

    def __init__(self, n_items: int, config: ObjectivesConfig) -> None:
        super().__init__(n_items, config, joint=len(OBJECTIVES) * config.hidden)
        self.towers = Towers(len(OBJECTIVES), config.hidden, config.hidden, config.tower_dropout)

    def heads(self, joint: Tensor) -> Tensor:
        """Each tower has a first layer of its own; the fields' vectors are shared."""
        return self.towers(side_by_side(joint.relu(), len(OBJECTIVES)))

    def together(self, logits: Tensor) -> Tensor:
        """ln P over the entire space, `[n, objectives]`: the chain watch, like, love, and beside it watch, soon."""
        given = F.logsigmoid(logits)
        watch, soon = given[..., WATCH], given[..., WATCH] + given[..., SOON]
        like = watch + given[..., LIKE]
        return torch.stack([watch, like, like + given[..., LOVE], soon], dim=-1)

    def objective_loss(self, logits: Tensor, yes: Tensor) -> Tensor:
        """Σ over objectives of the mean cross-entropy of the products, over everything offered."""
        log_p = self.together(logits)
        log_not = torch.log1p(-log_p.exp().clamp(max=1 - SURE))
        return -(yes * log_p + (1 - yes) * log_not).mean(dim=0).sum()


class ESMM(ObjectivesRecommender):
    """P(watch) = σ(a), P(like) = σ(a) σ(b), P(love) = σ(a) σ(b) σ(c), all learnt over everything that was offered."""

    card = ModelCard(
        name="ESMM",
        family="multi_objective",
        block=Block.MLP,
        paper=Paper(
            authors="Ma, Zhao, Huang, Wang, Hu, Zhu and Gai",
            year=2018,
            title="Entire Space Multi-Task Model: An Effective Approach for Estimating Post-Click Conversion Rate",
        ),
        sentence="Knows that nobody likes what they never watch, and so learns liking from all that you passed over, too.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. Three steps (watch, like, love) and a fourth goal beside them instead of click and conversion.",
        parents=("SharedBottom",),
        side_information=READS,
    )
    Config = ObjectivesConfig
    config: ObjectivesConfig
    quick = QUICK | {"epochs": 100}

    def network(self, n_items: int) -> nn.Module:
        """A new network."""
        return ESMMNetwork(n_items, self.config)
