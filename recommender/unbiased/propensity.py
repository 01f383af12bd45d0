"""Propensities: with what chance each place is looked at, beside the first. Estimated by `swaps`, `harvest` or `em`, used by `losses`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MarqueeError
from recommender.evaluation.intervals import EDGES

FLOOR = 0.005
"""Propensities below this one count as this one, so that no click counts for more than two hundred. Source: our choice."""


@dataclass(frozen=True, eq=False)
class Propensities:
    """e_k / e_1 of each place, `[places]` each, with a bootstrap 95 % interval over people; NaN where nothing is known."""

    values: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @classmethod
    def of(cls, values: NDArray[np.float64], sampled: NDArray[np.float64]) -> Propensities:
        """From the estimate and its resamples `[n, places]`; a resample in which a place is unknown says nothing of it."""
        known = np.isfinite(sampled).any(axis=0) & np.isfinite(values)
        low, high = np.full((2, len(values)), np.nan)
        if known.any():
            low[known], high[known] = np.nanpercentile(sampled[:, known], EDGES, axis=0)
        return cls(np.where(known, values, np.nan), low, high)


def clipped(values: NDArray[np.float64], floor: float = FLOOR) -> tuple[NDArray[np.float64], int]:
    """Propensities of which none is below `floor`, and how many were. A place of which nothing is known counts as below."""
    if not 0 < floor <= 1:
        raise MarqueeError(f"Propensities are clipped at a number above 0 and not above 1; {floor:g} is none.")
    low = ~(values >= floor)
    return np.where(low, floor, values), int(low.sum())


def drawn(people: NDArray[np.int64], resamples: int, seed: int) -> NDArray[np.int64]:
    """How often each distinct person of `people` is drawn in each resample, `[resamples, n_distinct]`."""
    n = int(people.max()) + 1 if len(people) else 0
    if not n:
        raise MarqueeError("Nobody was shown anything, so nothing is known of positions.")
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)
