"""RecentPopularity: popularity that forgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from recommender.data import Catalog, Histories, Interactions
from recommender.layers.popularity import popularity
from recommender.models.base import Block, Config, ModelCard, Paper, Progress, Recommender, silent

DAY_SECONDS = 86_400


class RecentPopularityConfig(Config):
    """How fast to forget."""

    half_life: float = Field(
        730.0,
        gt=0,
        le=36_500,
        description="After so many days a rating counts half. Source: validation on the embedded data; longer is better "
        "there, but shows nothing new.",
        json_schema_extra={"unit": "days"},
    )


class RecentPopularity(Recommender):
    """Counts of ratings, each weighted by 2^(-age / half-life); age is counted from the newest rating seen in training."""

    card = ModelCard(
        name="RecentPopularity",
        family="classic",
        block=Block.LINEAR,
        paper=Paper(
            authors="Ji, Sun, Zhang and Li",
            year=2020,
            title="A Re-visit of the Popularity Baseline in Recommender Systems",
        ),
        sentence="Shows everybody what people have been watching lately.",
        ratings="Every rating counts as one view, an old one less; stars do not matter.",
        departures="The paper counts within a window before each moment of time; we let counts fade with a half-life, since "
        "a window of a small data set is nearly empty.",
        parents=("Popularity",),
        personal=False,
        min_history=0,
    )
    Config = RecentPopularityConfig
    config: RecentPopularityConfig

    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Count, with fading weights."""
        progress(0, 1, {})
        age_days = (interactions.timestamp.max() - interactions.timestamp) / DAY_SECONDS
        self.popular = popularity(interactions, len(catalog), weight=0.5 ** (age_days / self.config.half_life))
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """The same row for everybody, `[batch, n_items]`."""
        return np.tile(self.popular, (len(histories), 1))

    def state(self) -> dict[str, NDArray[Any]]:
        """The faded counts."""
        return {"popular": self.popular}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take the faded counts back."""
        self.popular = state["popular"]
