"""CMF: iALS whose movie factors must explain what is known of the movie as well as who watched it."""

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
from recommender.layers.collective import factorised
from recommender.layers.fold_in import folded_in
from recommender.layers.popularity import backed_off, popularity
from recommender.layers.standing import stood
from recommender.models.base import Block, ModelCard, Paper, Progress, Recommender, silent


class CMFConfig(TextConfig):
    """Size and strength of the factors."""

    factors: int = Field(64, ge=1, le=2_048, description="Dimension of the factors. Source: as iALS's.")
    regularization: float = Field(10.0, gt=0, le=1e4, description="λ, the ridge on the factors. Source: as iALS's.")
    confidence: float = Field(
        5.0,
        gt=0,
        le=1e4,
        description="α: a movie that was watched weighs 1 + α, one that was not weighs 1. Source: as iALS's.",
    )
    feature_weight: float = Field(
        10.0,
        gt=0,
        le=1e4,
        description="w: what a feature weighs, beside a movie not watched. Source: validation on the embedded data of .1, 1 and 10.",
    )
    feature_ridge: float = Field(
        1.0,
        gt=0,
        le=1e6,
        description="Ridge of the features' say on a movie that nobody rated. Source: as CEASE's.",
    )
    iterations: int = Field(15, ge=1, le=1_000, description="Rounds of people, features and movies. Source: as iALS's.")


class CMF(Recommender):
    """x_u, y_i, a_k minimise Σ c_ui (p_ui - x_u·y_i)² + w Σ (f_ik - a_k·y_i)² + λ(Σ|x|² + w Σ|a|² + Σ|y|²); a person is folded in."""

    card = ModelCard(
        name="CMF",
        family="side_information",
        block=Block.LINEAR,
        paper=Paper(
            authors="Singh and Gordon", year=2008, title="Relational Learning via Collective Matrix Factorization"
        ),
        sentence="Places you and every movie in one small space, from who watched what and from what the movies are, at once.",
        ratings="Watching counts as a wish (p = 1) whatever the stars in training; for you, three stars and more are a wish, two and a half do not "
        "count, and less is a movie that you passed over knowingly (p = 0 with the same confidence).",
        departures="Who watched what is weighed as in iALS, and both parts have squared loss and exact steps. Features are the text's vector and the "
        "others reduced to 512 numbers. The factors of a movie that nobody rated are what a ridge regression makes of its features, learned from the rated movies "
        "(Gantner et al. 2010): those that explain its features best, which are the paper's, know nothing of how many people watch such movies. Its scores are "
        "brought to the scale of the rated movies', rank by rank, since a prediction is timid and would never come to the top of a list.",
        parents=("iALS",),
        side_information=READS,
        scores_cold_items=True,
    )
    Config = CMFConfig
    config: CMFConfig
    quick = {"text": "lsa", "factors": 8, "regularization": 1.0}  # noqa: RUF012

    factors: NDArray[np.float32]
    """Y, `[n_items, factors]`."""
    expected: NDArray[np.float32]
    """What features say that Y should be, `[n_items, factors]`."""
    mapping: NDArray[np.float32]
    """By which they say it, `[width, factors]`."""
    features: NDArray[np.float32]
    """F, `[n_items, width]`."""
    basis: NDArray[np.float32]
    """Of the features that are no text, see `Described`."""
    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Describe the movies, then alternate."""
        config, n = self.config, len(catalog)
        total = config.iterations
        progress(0, total, {})
        texts = embed(catalog, config.text, config.seed, lambda done, of: progress(0, total, {"texts": float(done)}))
        known = Described(catalog, texts, config.seed)
        Y, _ = factorised(
            interactions.matrix(n, np.ones(len(interactions), np.float32)),
            known.rows,
            dim=config.factors,
            ridge=config.regularization,
            confidence=config.confidence,
            feature_weight=config.feature_weight,
            iterations=total,
            seed=config.seed,
            told=lambda rounds: progress(rounds, total, {}),
        )
        self.popular = popularity(interactions, n)
        F, rated = known.rows, self.popular > 0
        ridge = np.float32(config.feature_ridge) * np.eye(F.shape[1], dtype=np.float32)
        self.mapping = np.linalg.solve(F[rated].T @ F[rated] + ridge, F[rated].T @ Y[rated]).astype(np.float32)
        self.expected = F @ self.mapping
        self.factors = np.where(rated[:, None], Y, self.expected)
        self.features, self.basis = F, known.basis
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """x_u·y_i after the fold-in, `[batch, n_items]`."""
        people, rated = self._people(histories), self.popular > 0
        scores = people @ self.factors.T
        if not rated.all():
            scores[:, ~rated] = self._standing(people, self.expected[~rated])
        return backed_off(scores, self.popular, np.abs(people).max(axis=1, initial=0) > 0)

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """x_u·y of the newcomers, whose y are what their features say, `[batch, n_newcomers]`."""
        rows = described(catalog, newcomers, self.config.text, self.config.seed, self.features, self.basis)
        new = rows @ self.mapping
        people = self._people(histories)
        evidence = np.abs(people).max(axis=1, initial=0) > 0
        return backed_off(self._standing(people, new), np.zeros(len(new), np.float32), evidence)

    def _people(self, histories: Histories) -> NDArray[np.float32]:
        """x, `[batch, factors]`."""
        opinion = histories.matrix(len(self.popular), preference.weights(histories.ratings)).toarray()
        rated, total = torch.from_numpy(opinion != 0), 1 + self.config.confidence
        liked, Y = torch.from_numpy((opinion > 0).astype(np.float32)), torch.tensor(self.factors)
        if not len(opinion):
            return np.zeros((0, Y.shape[1]), np.float32)
        return folded_in(Y, liked, rated, 1 / total, self.config.regularization / total).numpy()

    def _standing(self, people: NDArray[np.float32], new: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scores of movies that are `new` `[n, factors]`, on the scale of the others, `[batch, n]`."""
        rated = self.popular > 0
        parts = (people @ new.T, (people @ self.expected.T)[:, rated], (people @ self.factors.T)[:, rated])
        return stood(*(torch.from_numpy(part) for part in parts)).numpy()

    def state(self) -> dict[str, NDArray[Any]]:
        """Factors, what they are made of, and popularity."""
        names = ("factors", "expected", "mapping", "features", "basis", "popular")
        return {name: getattr(self, name) for name in names}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take it all back."""
        self.factors, self.expected, self.mapping = state["factors"], state["expected"], state["mapping"]
        self.features, self.basis, self.popular = state["features"], state["basis"], state["popular"]
