"""FTRL: logistic regression that follows the regularised leader, weight by weight, and keeps most weights at zero."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from recommender.features.items import READS
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.online import RATINGS, OnlineConfig, OnlineRecommender


class FTRLConfig(OnlineConfig):
    """How fast a weight moves, and what keeps it at zero."""

    alpha: float = Field(
        0.2,
        gt=0,
        le=10,
        description="α of the learning rate α / (β + √n). Source: the least LogLoss one rating ahead of 0.03, 0.1, 0.2 and 0.3 on the embedded data.",
    )
    beta: float = Field(
        1.0, ge=0, le=100, description="β of the same. Source: McMahan et al. (2013): 1 is usually good enough."
    )
    l1: float = Field(
        0.1,
        ge=0,
        le=1_000,
        description="λ1: below it a weight is zero. Source: on the embedded data LogLoss one rating ahead is 0.282 with 0.1 and 0.281 with 0, which "
        "keeps 1.5 million weights instead of 0.6.",
    )
    l2: float = Field(
        0.1,
        ge=0,
        le=1_000,
        description="λ2, which pulls weights to zero. Source: 0.1 and 1 differ by less than 0.001 in LogLoss one rating ahead on the embedded data.",
    )


class FTRL(OnlineRecommender):
    """p = σ(w·x); per coordinate z gathers gradients and n their squares, and w follows from both in closed form."""

    card = ModelCard(
        name="FTRL",
        family="online",
        block=Block.LINEAR,
        paper=Paper(
            authors="McMahan, Holt, Sculley, Young, Ebner, Grady and others",
            year=2013,
            title="Ad Click Prediction: A View from the Trenches",
        ),
        sentence="Learns from every rating the moment it is given, and keeps only the weights that have earned it.",
        ratings=RATINGS,
        departures="Movies instead of advertisements: facts of your history meet facts of a movie. Facts may be shares between 0 and 1. Movies drawn at random stand "
        "for those that were shown and not clicked. No probabilistic inclusion and no coarse numbers: all weights fit into memory.",
        parents=("LR",),
        side_information=READS,
        scores_cold_items=True,
    )
    Config = FTRLConfig
    config: FTRLConfig
    VECTORS: ClassVar = ("z", "n", "w")
    ANSWERS: ClassVar = ("w",)
    quick: ClassVar = {"alpha": 0.5, "l1": 0.01}

    def begin(self, size: int) -> dict[str, NDArray[np.float32]]:
        """Zeros."""
        return {name: np.zeros(size, np.float32) for name in self.VECTORS}

    @property
    def weights(self) -> NDArray[np.float32]:
        """w."""
        return self.vectors["w"]

    def update(self, at: NDArray[np.int64], x: NDArray[np.float32], yes: bool) -> float:
        """Algorithm 1 of McMahan et al. (2013), for one example."""
        config, (z, n, w) = self.config, (self.vectors[name] for name in self.VECTORS)
        w_at, n_at = w[at], n[at]
        p = 1 / (1 + np.exp(-float(np.clip(w_at @ x, -35, 35))))
        g = np.float32(p - yes) * x
        n_new = n_at + g * g
        sigma = (np.sqrt(n_new) - np.sqrt(n_at)) / np.float32(config.alpha)
        z_new = z[at] + g - sigma * w_at
        rate = (np.float32(config.beta) + np.sqrt(n_new)) / np.float32(config.alpha) + np.float32(config.l2)
        z[at], n[at] = z_new, n_new
        w[at] = np.where(np.abs(z_new) <= config.l1, 0, (np.sign(z_new) * np.float32(config.l1) - z_new) / rate)
        return float(p)
