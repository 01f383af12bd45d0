"""EASE: a linear model of every item from all others, in closed form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from recommender.data import Catalog, Histories, Interactions
from recommender.layers import preference
from recommender.layers.popularity import backed_off, popularity
from recommender.layers.shallow import solved, weighed
from recommender.models.base import Block, Config, ModelCard, Paper, Progress, Recommender, silent


class EASEConfig(Config):
    """The one knob, and the size that a machine can hold."""

    regularization: float = Field(
        200.0,
        gt=0,
        le=1e6,
        description="λ, the ridge on the weights. Source: validation on the embedded data; Steck (2019) uses 200 to 1,000.",
    )
    max_items: int = Field(
        20_000,
        ge=2,
        le=50_000,
        description="Only the most popular items get weights, since memory grows with the square. "
        "Source: 20,000 items take 1.6 GB and some two minutes.",
        json_schema_extra={"unit": "items"},
    )


class EASE(Recommender):
    """B = I - P diag(1 / diag P) with P = (XᵀX + λI)⁻¹; a person with row x is scored by xB."""

    card = ModelCard(
        name="EASE",
        family="classic",
        block=Block.LINEAR,
        paper=Paper(authors="Steck", year=2019, title="Embarrassingly Shallow Autoencoders for Sparse Data"),
        sentence="Solves one equation for how much every movie speaks for every other.",
        ratings=preference.SENTENCE,
        departures="With fewer people than movies the same solution is computed from the people's side, which is exact and "
        "faster. Beyond 20,000 movies only the most popular ones get weights.",
        parents=("ItemKNN", "SLIM"),
    )
    Config = EASEConfig
    config: EASEConfig

    items: NDArray[np.int64]
    """The items that have weights, `[m]`."""
    factor: NDArray[np.float32]
    """G, `[m, n_users]`, or B, `[m, m]`, when `diagonal` is empty."""
    diagonal: NDArray[np.float32]
    """diag P, `[m]`; empty when `factor` is B."""
    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Solve on the smaller side."""
        progress(0, 2, {})
        popular = popularity(interactions, len(catalog))
        items = np.sort(np.argsort(-popular, kind="stable")[: self.config.max_items])
        X = interactions.matrix(len(catalog), np.ones(len(interactions), np.float32))[:, items]
        progress(1, 2, {})
        factor, diagonal = solved(X, self.config.regularization)
        progress(2, 2, {})
        self.items, self.factor, self.diagonal, self.popular = items, factor, diagonal, popular
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """xB, `[batch, n_items]`."""
        X = histories.matrix(len(self.popular), preference.weights(histories.ratings))
        everything = len(self.items) == len(self.popular)
        if not everything:
            X = X[:, self.items]  # [batch, m]
        weighted = weighed(X, self.factor, self.diagonal, self.config.regularization)
        if everything:
            scores = weighted
        else:
            scores = np.zeros((len(histories), len(self.popular)), np.float32)
            scores[:, self.items] = weighted
        return backed_off(scores, self.popular, abs(X) @ self.popular[self.items] > 0)

    def state(self) -> dict[str, NDArray[Any]]:
        """The solution and what it stands for."""
        return {"items": self.items, "factor": self.factor, "diagonal": self.diagonal, "popular": self.popular}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take the solution back."""
        self.items, self.factor = state["items"], state["factor"]
        self.diagonal, self.popular = state["diagonal"], state["popular"]
