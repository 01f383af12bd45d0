"""Popularity bias: does the model show what everybody knows, and the same to everybody?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def mean_popularity(lists: NDArray[np.int32], raters: NDArray[np.int64], people: int) -> NDArray[np.float64]:
    """Mean share of the training's people who rated the movies of a list (ARP, Yin et al. 2012), `[people of lists]`, 0..1.

    `raters` `[n_items]` counts them, of `people` in all. NaN for an empty list.
    """
    known = lists >= 0
    share = np.where(known, raters[lists] / people, 0.0)
    return _mean(share, known)


def gini(shown: NDArray[np.float64]) -> NDArray[np.float64]:
    """How unevenly lists spread over the catalogue: 0 when every item is in as many, near 1 when one is in all.

    `shown` `[..., n_items]` counts the lists that each item is in.
    """
    n = shown.shape[-1]
    ordered = np.sort(shown, axis=-1)
    total = np.maximum(ordered.sum(axis=-1), 1e-12)
    return 2 * (ordered @ np.arange(1, n + 1)) / (n * total) - (n + 1) / n


def _mean(values: NDArray[np.float64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    count = known.sum(axis=1)
    return np.where(count > 0, values.sum(axis=1) / np.maximum(count, 1), np.nan)
