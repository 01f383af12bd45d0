"""Swap interventions: a coin lets the first movie and the one at place k change places.

With the coin, what stands at either place is the same on average, so the clicks differ by who looks: e_k / e_1 = clicks at k / clicks
at 1. Source: Joachims, Swaminathan and Schnabel (2017), section 5; both sides of the coin are counted for both places.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MarqueeError
from recommender.unbiased.propensity import Propensities, drawn
from recommender.unbiased.sessions import Log

RESAMPLES = 500


def swapped(log: Log, resamples: int = RESAMPLES, seed: int = 0) -> Propensities:
    """The curve. Raises MarqueeError where nothing was swapped."""
    lists = np.flatnonzero(log.partner > 0)
    if not len(lists):
        raise MarqueeError(
            "No list was left to a coin; let some swap the first movie with another, or use em or harvest."
        )
    _, person = np.unique(log.person[lists], return_inverse=True)
    partner = log.partner[lists]
    there, first = (np.zeros((person.max() + 1, log.places)) for _ in range(2))  # [people, places]
    np.add.at(there, (person, partner), log.clicks[lists, partner])
    np.add.at(first, (person, partner), log.clicks[lists, 0])
    draws = drawn(person, resamples, seed)
    return Propensities.of(_ratio(there.sum(axis=0), first.sum(axis=0)), _ratio(draws @ there, draws @ first))


def _ratio(there: NDArray[np.number], first: NDArray[np.number]) -> NDArray[np.float64]:
    """e_k / e_1, NaN where the first place was never clicked beside it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = np.where(first > 0, there / first, np.nan)
    found[..., 0] = 1.0
    return found
