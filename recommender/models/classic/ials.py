"""iALS: matrix factorisation by alternating least squares, on who watched what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from threadpoolctl import threadpool_limits

from recommender.data import Catalog, Histories, Interactions
from recommender.layers import preference
from recommender.layers.popularity import backed_off, popularity
from recommender.models.base import Block, Config, ModelCard, Paper, Progress, Recommender, silent


class IALSConfig(Config):
    """Size and strength of the factors."""

    factors: int = Field(
        64, ge=1, le=2_048, description="Dimension of the factors. Source: validation on the embedded data."
    )
    regularization: float = Field(
        10.0, ge=0, le=1e4, description="λ, the ridge on the factors. Source: validation on the embedded data."
    )
    confidence: float = Field(
        5.0,
        gt=0,
        le=1e4,
        description="α: a movie that was watched weighs 1 + α, one that was not weighs 1. Source: validation on the embedded data.",
    )
    iterations: int = Field(
        15, ge=1, le=1_000, description="Rounds of users and items. Source: Hu, Koren and Volinsky (2008) use about 10."
    )


class IALS(Recommender):
    """Factors x_u, y_i minimise Σ c_ui (p_ui - x_u·y_i)² + λ(Σ|x|² + Σ|y|²); a person is folded in by one least-squares step."""

    card = ModelCard(
        name="iALS",
        family="classic",
        block=Block.LINEAR,
        paper=Paper(
            authors="Hu, Koren and Volinsky", year=2008, title="Collaborative Filtering for Implicit Feedback Datasets"
        ),
        sentence="Places you and every movie in one small space, so that what you watched lies near to you.",
        ratings="Watching counts as a wish (p = 1) whatever the stars in training; for you, three stars and more are a wish, and "
        "less than two and a half a movie to stay away from (p = 0, with the same confidence); two and a half are not counted.",
        departures="Factors come from the package implicit (conjugate gradient, Takács 2011); the fold-in is ours and exact. "
        "Confidence is the same for every rating, not growing with the number of views, since a movie is rated once.",
        parents=("ItemKNN", "MF"),
    )
    Config = IALSConfig
    config: IALSConfig

    factors: NDArray[np.float32]
    """Y, `[n_items, factors]`."""
    gram: NDArray[np.float32]
    """YᵀY + λI, `[factors, factors]`."""
    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Alternate with the package implicit, then prepare the fold-in."""
        from implicit.cpu.als import AlternatingLeastSquares

        progress(0, self.config.iterations, {})
        watched = np.full(len(interactions), 1 + self.config.confidence, np.float32)
        with threadpool_limits(1, "blas"):  # implicit runs its own threads; BLAS below them only gets in the way
            als = AlternatingLeastSquares(
                factors=self.config.factors,
                regularization=self.config.regularization,
                alpha=1.0,
                iterations=self.config.iterations,
                random_state=self.config.seed,
            )
            als.fit(
                _as_matrix(interactions.matrix(len(catalog), watched)),
                show_progress=False,
                callback=lambda step, *_: progress(step + 1, self.config.iterations, {}),
            )
        Y = np.asarray(als.item_factors, np.float32)
        self.factors, self.popular = Y, popularity(interactions, len(catalog))
        self.gram = Y.T @ Y + np.float32(self.config.regularization) * np.eye(Y.shape[1], dtype=np.float32)
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """x_u·y_i after the fold-in, `[batch, n_items]`."""
        opinion = preference.weights(histories.ratings)
        W = histories.matrix(len(self.popular), opinion)
        people = np.zeros((len(histories), self.factors.shape[1]), np.float32)
        for b in range(len(histories)):
            row = slice(W.indptr[b], W.indptr[b + 1])
            counted = W.data[row] != 0
            people[b] = self._fold_in(W.indices[row][counted], W.data[row][counted] > 0)
        return backed_off(people @ self.factors.T, self.popular, np.abs(people).max(axis=1) > 0)

    def _fold_in(self, items: NDArray[np.int32], liked: NDArray[np.bool_]) -> NDArray[np.float32]:
        """x = (YᵀY + λI + α Y_uᵀY_u)⁻¹ (1 + α) Y_uᵀ p_u, `[factors]`."""
        Y_u, alpha = self.factors[items], np.float32(self.config.confidence)  # [rated, factors]
        A = self.gram + alpha * (Y_u.T @ Y_u)
        return np.linalg.solve(A, (1 + alpha) * (Y_u.T @ liked.astype(np.float32)))

    def item_vectors(self) -> NDArray[np.float32]:
        """The movies' factors, `[n_items, factors]`."""
        return self.factors

    def state(self) -> dict[str, NDArray[Any]]:
        """Item factors, their Gram matrix, popularity."""
        return {"factors": self.factors, "gram": self.gram, "popular": self.popular}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take factors, Gram matrix and popularity back."""
        self.factors, self.gram, self.popular = state["factors"], state["gram"], state["popular"]


def _as_matrix(array: Any) -> Any:
    """implicit still wants the older class of sparse matrices."""
    import scipy.sparse as sp

    return sp.csr_matrix(array)
