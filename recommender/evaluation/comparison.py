"""Comparison: is one model better than another, or were it only these people?

Two models answer the same people, so the test is paired: under "no difference" each person's difference could as well have
the other sign (randomisation test by random sign flips, Smucker, Allan and Carterette 2007). The interval of the difference
comes from the same resamples of people for both models. Several comparisons at once find something by luck, so p-values are
adjusted by Holm (1979) over those made; and the best model was chosen on these very people, which flatters it a little.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.intervals import EDGES
from recommender.evaluation.report import Comparison

FLIPS = 10_000
CHUNK = 500


def against_best(
    values: Mapping[str, NDArray[np.float64]], metric: str, draws: NDArray[np.float32], seed: int
) -> list[Comparison]:
    """Every other model against the best one. `values` are per person, `[people]`, by model; `draws` `[resamples, people]`."""
    best = max(values, key=lambda slug: values[slug].mean())
    others = [slug for slug in values if slug != best]
    if not others:
        return []
    differences = np.stack([values[slug] - values[best] for slug in others], axis=1)  # [people, others]
    low, high = np.percentile(draws @ differences / len(differences), EDGES, axis=0)
    p = sign_flip(differences, seed)
    return [
        Comparison(
            model=slug,
            against=best,
            metric=metric,
            difference=differences[:, i].mean(),
            low=low[i],
            high=high[i],
            p=p[i],
            p_adjusted=adjusted,
        )
        for i, (slug, adjusted) in enumerate(zip(others, holm(p), strict=True))
    ]


def sign_flip(differences: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Two-sided p of each column of `differences` `[people, pairs]`: the share of sign flips whose mean is as far from 0."""
    rng = np.random.default_rng(seed)
    observed = np.abs(differences.sum(axis=0))
    reached = np.zeros(differences.shape[1])
    for _ in range(FLIPS // CHUNK):
        signs = rng.integers(0, 2, (CHUNK, len(differences)), dtype=np.int8) * np.float64(2) - 1
        # A hair of tolerance: sums of the same numbers in another order are not the same to the last bit.
        reached += (np.abs(signs @ differences) >= observed - 1e-9).sum(axis=0)
    return (reached + 1) / (FLIPS + 1)


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """p-values adjusted for being several, in the order given (step-down, Holm 1979)."""
    order = np.argsort(p, kind="stable")
    stepped = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    adjusted = np.empty_like(stepped)
    adjusted[order] = stepped
    return adjusted
