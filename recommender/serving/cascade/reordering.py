"""Re-ranking in a cascade: what the re-rankers compare movies by, and the one that a plan's step names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recommender.evaluation.genres import genre_matrix
from recommender.serving.answers import Person
from recommender.serving.cascade.plan import Reranking
from recommender.serving.releases import Releases
from recommender.serving.rerank.calibration import calibrate, shares
from recommender.serving.rerank.dpp import dpp
from recommender.serving.rerank.freshness import fresh
from recommender.serving.rerank.mmr import mmr


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of every movie, released ones included."""

    genres: NDArray[np.float32]
    """`[n_movies, n_genres]`, 1 where a movie has one."""
    ages: NDArray[np.float64]
    """Years `[n_movies]` against the newest of the catalogue, since data sets end somewhere; NaN where unknown. What was released here is
    new whatever its year."""

    @classmethod
    def of(cls, releases: Releases) -> Self:
        """Of the catalogue and what came after it."""
        everything, first = releases.everything, len(releases.base)
        genres = genre_matrix(everything)
        years = everything.frame["year"].cast(pl.Float64).fill_null(np.nan).to_numpy()
        ages = max(years[:first][~np.isnan(years[:first])], default=np.nan) - years
        ages[first:] = 0
        return cls(np.zeros((len(everything), 1), np.float32) if genres is None else genres, ages)


def reordered(
    person: Person, step: Reranking, items: NDArray[np.int64], scores: NDArray[np.float64], facts: Facts
) -> NDArray[np.int64]:
    """Places of `items` `[n]` in the re-ranker's order, all of them: the first ones are what a shorter list would be."""
    n, genres = len(items), facts.genres
    match step.by:
        case "mmr":
            return mmr(scores, genres[items], n, step.weight)
        case "dpp":
            return dpp(scores, genres[items], n, step.weight)
        case "calibration":
            return calibrate(scores, genres[items], shares(genres[person.items]).sum(axis=0), n, step.weight)
        case "freshness":
            return fresh(scores, facts.ages[items], n, step.weight)
