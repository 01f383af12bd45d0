"""Popularity: the same list for everybody, and the hardest baseline to beat honestly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.layers.popularity import popularity
from recommender.models.base import Block, ModelCard, Paper, Progress, Recommender, silent


class Popularity(Recommender):
    """Counts of ratings."""

    card = ModelCard(
        name="Popularity",
        family="classic",
        block=Block.LINEAR,
        paper=Paper(
            authors="Cremonesi, Koren and Turrin",
            year=2010,
            title="Performance of Recommender Algorithms on Top-N Recommendation Tasks",
        ),
        sentence="Shows everybody what most people have watched.",
        ratings="Every rating counts as one view; stars do not matter, because popular means watched, not loved.",
        departures="None: this is TopPop.",
        personal=False,
        min_history=0,
    )

    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Count."""
        progress(0, 1, {})
        self.popular = popularity(interactions, len(catalog))
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """The same row for everybody, `[batch, n_items]`."""
        return np.tile(self.popular, (len(histories), 1))

    def state(self) -> dict[str, NDArray[Any]]:
        """The counts."""
        return {"popular": self.popular}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take the counts back."""
        self.popular = state["popular"]
