"""CEASE: EASE for which what is known of the movies counts like more people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field

from recommender.data import Catalog, Histories, Interactions
from recommender.features.config import TextConfig
from recommender.features.described import READS, Described, described
from recommender.features.texts import embed
from recommender.layers import preference
from recommender.layers.popularity import backed_off, popularity
from recommender.layers.shallow import solved, weighed
from recommender.layers.standing import stood
from recommender.models.base import Block, ModelCard, Paper, Progress, Recommender, silent


class CEASEConfig(TextConfig):
    """The two ridges, and how much features say."""

    regularization: float = Field(
        200.0,
        gt=0,
        le=1e6,
        description="λ, the ridge on the weights. Source: validation on the embedded data; Jeunen et al. (2020) search it.",
    )
    feature_weight: float = Field(
        10.0,
        gt=0,
        le=1e4,
        description="α, by which the features' rows are multiplied. Source: validation on the embedded data of 1, 3, 10 and 30; Jeunen et al. "
        "(2020) search it.",
    )
    feature_ridge: float = Field(
        1.0,
        gt=0,
        le=1e6,
        description="Ridge of the features' say on a movie that nobody rated. Source: validation on cold movies of the embedded data "
        "of 1, 3, 5 and 30.",
    )
    max_items: int = Field(
        20_000,
        ge=2,
        le=50_000,
        description="Only the most popular items get weights of their own, since memory grows with the square; the others are placed by their "
        "features. Source: as EASE's.",
        json_schema_extra={"unit": "items"},
    )


class CEASE(Recommender):
    """B of EASE over X with rows αFᵀ below it; the column of a movie that nobody rated is predicted from its features F."""

    card = ModelCard(
        name="CEASE",
        family="side_information",
        block=Block.LINEAR,
        paper=Paper(
            authors="Jeunen, Van Balen and Goethals",
            year=2020,
            title="Closed-Form Models for Collaborative Filtering with Side-Information",
        ),
        sentence="Solves EASE's equation with what is known of the movies counted as more people, who watch by genre, cast and plot.",
        ratings=preference.SENTENCE,
        departures="The features' rows are the text's vector and the other features reduced to 512 numbers, instead of one row per tag. "
        "The paper leaves a new movie to those rows, where all people count as having passed it over; here the weights of a movie "
        "that nobody rated are what a ridge regression makes of its features, learned from the weights of the rated ones, and the scores "
        "take the scale of theirs, rank by rank, since a prediction is timid and would never come to the top of a list.",
        parents=("EASE",),
        side_information=READS,
        scores_cold_items=True,
    )
    Config = CEASEConfig
    config: CEASEConfig
    quick = {"text": "lsa", "regularization": 10.0, "feature_weight": 1.0}  # noqa: RUF012

    items: NDArray[np.int64]
    """The items that have weights of their own, `[m]`; others are placed by their features."""
    factor: NDArray[np.float32]
    """As in `layers.shallow`."""
    diagonal: NDArray[np.float32]
    """As in `layers.shallow`."""
    features: NDArray[np.float32]
    """F, `[n_items, width]`."""
    basis: NDArray[np.float32]
    """Of the features that are no text, see `Described`."""
    inverse: NDArray[np.float32]
    """(FᵀF + ridge I)⁻¹ over `items`, `[width, width]`."""
    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Describe the movies, then solve for the rated ones."""
        config, n = self.config, len(catalog)
        progress(0, 2, {})
        texts = embed(catalog, config.text, config.seed, lambda done, of: progress(0, 2, {"texts": float(done)}))
        known = Described(catalog, texts, config.seed)
        progress(1, 2, {})
        popular = popularity(interactions, n)
        items = np.sort(np.argsort(-popular, kind="stable")[: min(config.max_items, int((popular > 0).sum()))])
        X = interactions.matrix(n, np.ones(len(interactions), np.float32))[:, items]
        F = known.rows[items]
        factor, diagonal = solved(X, config.regularization, np.float32(config.feature_weight) * F[:, :-1].T)
        ridge = np.float32(config.feature_ridge) * np.eye(F.shape[1], dtype=np.float32)
        inverse = np.linalg.inv(F.T @ F + ridge).astype(np.float32)
        progress(2, 2, {})
        self.items, self.factor, self.diagonal, self.inverse = items, factor, diagonal, inverse
        self.features, self.basis, self.popular = known.rows, known.basis, popular
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """xB, `[batch, n_items]`."""
        own, n = self._own(histories), len(self.popular)
        if len(self.items) == n:
            scores = own
        else:
            others = np.setdiff1d(np.arange(n), self.items)
            scores = np.empty((len(own), n), np.float32)
            scores[:, self.items], scores[:, others] = own, self._placed(own, self.features[others])
        return backed_off(scores, self.popular, self._evidence(own))

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """xB of the newcomers, whose columns are predicted, `[batch, n_newcomers]`."""
        rows = described(catalog, newcomers, self.config.text, self.config.seed, self.features, self.basis)
        own = self._own(histories)
        return backed_off(self._placed(own, rows), np.zeros(len(newcomers), np.float32), self._evidence(own))

    def _own(self, histories: Histories) -> NDArray[np.float32]:
        """xB of the movies that have weights of their own, `[batch, m]`."""
        X = histories.matrix(len(self.popular), preference.weights(histories.ratings))[:, self.items]
        return weighed(X, self.factor, self.diagonal, self.config.regularization)

    def _placed(self, own: NDArray[np.float32], rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """xB F (FᵀF + ridge I)⁻¹ f of movies with `rows` f `[n, width]`, on the scale of the others, `[batch, n]`."""
        spread = np.zeros((len(own), len(self.popular)), np.float32)  # so that `features` need not be copied
        spread[:, self.items] = own
        say = (spread @ self.features) @ self.inverse  # [batch, width]
        told = (say @ self.features.T)[:, self.items]
        return stood(*(torch.from_numpy(part) for part in (say @ rows.T, told, own))).numpy()

    @staticmethod
    def _evidence(own: NDArray[np.float32]) -> NDArray[np.bool_]:
        return np.abs(own).max(axis=1, initial=0) > 0

    def state(self) -> dict[str, NDArray[Any]]:
        """The solution and what it stands for, features and popularity."""
        names = ("items", "factor", "diagonal", "features", "basis", "inverse", "popular")
        return {name: getattr(self, name) for name in names}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take it all back."""
        self.items, self.factor, self.diagonal = state["items"], state["factor"], state["diagonal"]
        self.features, self.basis, self.inverse = state["features"], state["basis"], state["inverse"]
        self.popular = state["popular"]
