"""Freshness: new movies get a boost that halves as they age, since no model has seen anybody watch them yet."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.serving.rerank.relevance import plain_order, relevance

HALF_LIFE = 2.0
"""Years. Source: our choice; a film's time in cinemas and in the headlines is over by then."""


def fresh(scores: ArrayLike, ages: ArrayLike, k: int, weight: float) -> NDArray[np.int64]:
    """Places by (1 - weight) rel(i) + weight 2^(-age / HALF_LIFE), highest first.

    `scores` `[n]`, brought to 0..1; `ages` `[n]` in years, 0 for what was just released (and for what is yet to come), NaN where unknown: no boost.
    """
    years = np.maximum(np.asarray(ages, np.float64), 0)
    boost = np.where(np.isnan(years), 0, 2 ** (-np.nan_to_num(years) / HALF_LIFE))
    return plain_order((1 - weight) * relevance(scores) + weight * boost if weight > 0 else scores, k)
