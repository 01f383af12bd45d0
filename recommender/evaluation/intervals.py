"""Intervals: how far a figure would move if other people had been asked. Bootstrap over people (Efron 1979)."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.evaluation.metrics.coverage import coverage
from recommender.evaluation.metrics.popularity_bias import gini
from recommender.evaluation.report import Metric

RESAMPLES = 1_000
SHELF_RESAMPLES = 200
"""For figures of all lists together, which cost more."""
EDGES = (2.5, 97.5)
"""Percentiles of a 95 % interval."""


def resamples(people: int, seed: int) -> NDArray[np.float32]:
    """How often each person is drawn in each resample, `[RESAMPLES, people]`. One matrix for all models pairs them."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(people, np.full(people, 1 / people), size=RESAMPLES).astype(np.float32)


def mean(values: NDArray[np.float64], draws: NDArray[np.float32]) -> Metric | None:
    """The mean over people and its percentile interval. NaN marks somebody for whom it is not defined; None if for nobody."""
    defined = ~np.isnan(values)
    if not defined.any():
        return None
    weights = draws[:, defined]
    weights = weights[weights.any(axis=1)]  # a resample of nobody for whom it is defined says nothing
    sampled = (weights @ values[defined]) / weights.sum(axis=1)
    low, high = np.percentile(sampled, EDGES)
    return Metric(value=values[defined].mean(), low=low, high=high, n=int(defined.sum()))


def shelf(lists: NDArray[np.int32], n_items: int, draws: NDArray[np.float32]) -> tuple[Metric, Metric]:
    """Coverage and Gini of all lists together.

    Drawing people with repetition shows fewer items than asking as many different ones, so the percentile interval is
    moved by that bias: centred on the figure itself.
    """
    people, place = np.nonzero(lists >= 0)
    shown = sp.csr_array((np.ones(len(people)), (people, lists[people, place])), shape=(len(lists), n_items))
    sampled = np.array([_both(count) for count in (draws[:SHELF_RESAMPLES] @ shown)])
    values = _both(np.asarray(shown.sum(axis=0), np.float64))
    low, high = np.percentile(sampled, EDGES, axis=0) + (values - sampled.mean(axis=0))
    first, second = (
        Metric(value=values[i], low=np.clip(low[i], 0, values[i]), high=np.clip(high[i], values[i], 1), n=len(lists))
        for i in range(2)
    )
    return first, second


def _both(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([coverage(counts), gini(counts)])
