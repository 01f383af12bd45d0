"""BPR: matrix factorisation that only learns to put what was watched before what was not."""

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


class BPRConfig(Config):
    """Learning of the factors, and the fold-in of a person."""

    factors: int = Field(
        64, ge=1, le=2_048, description="Dimension of the factors. Source: validation on the embedded data."
    )
    learning_rate: float = Field(
        0.05, gt=0, le=10, description="Step of the training. Source: validation on the embedded data."
    )
    regularization: float = Field(
        0.01, ge=0, le=10, description="Weight decay. Source: validation on the embedded data."
    )
    epochs: int = Field(
        100, ge=1, le=10_000, description="Passes over the interactions. Source: validation on the embedded data."
    )
    rivals: int = Field(
        200,
        ge=1,
        le=100_000,
        description="Items, evenly spread over the popularity ranks, that stand for all others in the fold-in. Source: more "
        "than 200 change no list of ten in validation.",
        json_schema_extra={"unit": "items"},
    )
    fold_in_steps: int = Field(
        10, ge=1, le=1_000, description="Gradient steps of the fold-in. Source: validation on the embedded data."
    )
    fold_in_rate: float = Field(
        0.05, gt=0, le=100, description="Step of the fold-in. Source: validation on the embedded data."
    )


class BPR(Recommender):
    """Maximises Σ ln σ(x_u·(y_i - y_j)) over pairs of a watched i and another j; a person is folded in by a few full gradient steps."""

    card = ModelCard(
        name="BPR",
        family="classic",
        block=Block.LINEAR,
        paper=Paper(
            authors="Rendle, Freudenthaler, Gantner and Schmidt-Thieme",
            year=2009,
            title="BPR: Bayesian Personalized Ranking from Implicit Feedback",
        ),
        sentence="Learns from pairs: this one you watched, that one you did not.",
        ratings="In training every rating is a watched movie; for you, three stars and more win against the rivals, less than two and a "
        "half lose against them (weight 0.3), two and a half do not play.",
        departures="Factors come from the package implicit, in one thread, so that they are the same each time. Rivals in the "
        "fold-in are a fixed sample over all popularity ranks instead of random draws: the same ratings give the same list.",
        parents=("iALS",),
    )
    Config = BPRConfig
    config: BPRConfig

    factors: NDArray[np.float32]
    """Y, `[n_items, factors + 1]`; the last column is the item's bias."""
    rivals: NDArray[np.int64]
    """The items that stand for all others in the fold-in, `[rivals]`."""
    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Learn with the package implicit, then choose the rivals."""
        import scipy.sparse as sp
        from implicit.cpu.bpr import BayesianPersonalizedRanking

        progress(0, self.config.epochs, {})
        watched = interactions.matrix(len(catalog), np.ones(len(interactions), np.float32))
        with threadpool_limits(1, "blas"):
            bpr = BayesianPersonalizedRanking(
                factors=self.config.factors,
                learning_rate=self.config.learning_rate,
                regularization=self.config.regularization,
                iterations=self.config.epochs,
                num_threads=1,
                random_state=self.config.seed,
            )
            bpr.fit(
                sp.csr_matrix(watched),
                show_progress=False,
                callback=lambda step, *_: progress(step + 1, self.config.epochs, {}),
            )
        popular = popularity(interactions, len(catalog))
        ranks = np.argsort(-popular, kind="stable")
        places = np.linspace(0, len(ranks) - 1, min(self.config.rivals, len(ranks))).round().astype(np.int64)
        self.factors, self.rivals, self.popular = np.asarray(bpr.item_factors, np.float32), ranks[places], popular
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """x_u·y_i after the fold-in, `[batch, n_items]`."""
        trained = self.popular[histories.items] > 0  # the others' factors are where chance put them
        W = histories.matrix(len(self.popular), preference.weights(histories.ratings) * trained)
        people = np.zeros((len(histories), self.factors.shape[1]), np.float32)
        people[:, -1] = 1  # the place of the bias
        for b in range(len(histories)):
            row = slice(W.indptr[b], W.indptr[b + 1])
            people[b, :-1] = self._fold_in(W.indices[row], W.data[row])
        return backed_off(people @ self.factors.T, self.popular, np.abs(people[:, :-1]).max(axis=1) > 0)

    def _fold_in(self, items: NDArray[np.int32], opinion: NDArray[np.float32]) -> NDArray[np.float32]:
        """Gradient ascent on the mean of |w_i| ln σ(sign(w_i) x·(y_i - y_j)) from x = 0, `[factors]`."""
        Y, bias = self.factors[:, :-1], self.factors[:, -1]
        mine, others = Y[items], Y[self.rivals]  # [rated, factors], [rivals, factors]
        head_start = bias[items][:, None] - bias[self.rivals]  # [rated, rivals]
        side, push = np.sign(opinion)[:, None], opinion / 2
        x = np.zeros(Y.shape[1], np.float32)
        share = np.float32(self.config.fold_in_rate / len(self.rivals))
        for _ in range(self.config.fold_in_steps):
            margin = (mine @ x)[:, None] - others @ x  # [rated, rivals]
            margin += head_start
            margin *= side / 2
            bent = np.tanh(margin, out=margin)  # σ(-z) = (1 - tanh(z / 2)) / 2, so each pair pulls with push (1 - bent)
            pull, counterpull = push * (len(self.rivals) - bent.sum(axis=1)), push.sum() - push @ bent
            x += share * (mine.T @ pull - others.T @ counterpull) - np.float32(self.config.regularization) * x
        return x

    def item_vectors(self) -> NDArray[np.float32]:
        """The movies' factors without their biases, `[n_items, factors]`."""
        return self.factors[:, :-1]

    def state(self) -> dict[str, NDArray[Any]]:
        """Item factors, rivals, popularity."""
        return {"factors": self.factors, "rivals": self.rivals, "popular": self.popular}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take factors, rivals and popularity back."""
        self.factors, self.rivals, self.popular = state["factors"], state["rivals"], state["popular"]
