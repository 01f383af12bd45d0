"""Popularity counts; recent popularity lets counts fade."""

from __future__ import annotations

import numpy as np
import polars as pl

from recommender.data import Catalog, Histories, Interactions
from recommender.models.classic.popularity import Popularity
from recommender.models.classic.recentpopularity import DAY_SECONDS, RecentPopularity, RecentPopularityConfig

NOBODY = Histories.of([((), (), ())])
CATALOG = Catalog.from_frame(pl.DataFrame({"movie_id": [1, 2, 3]}))
LOG = Interactions.from_columns(
    [1, 2, 3, 1, 1], [0, 0, 0, 1, 2], [5, 1, 3, 5, 5], np.array([0, 0, 0, 20, 10]) * DAY_SECONDS
)
"""Movie 0 three times on day 0, movie 2 once on day 10, movie 1 once on day 20."""


def test_counts_whatever_the_stars() -> None:
    assert np.allclose(Popularity().fit(LOG, CATALOG).score(NOBODY)[0], [1, 1 / 3, 1 / 3])


def test_a_half_life_halves() -> None:
    model = RecentPopularity(RecentPopularityConfig(half_life=10)).fit(LOG, CATALOG)
    weights = np.array([3 * 0.25, 1, 0.5])  # two half-lives, none, one
    assert np.allclose(model.score(NOBODY)[0], weights / weights.max())
