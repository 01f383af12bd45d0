"""Calibration: is a list made up of the genres that the person's own history is made up of?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.data import Histories

ALPHA = 0.01
"""Share of the person's own distribution mixed into the list's, so that a genre it lacks costs much but not infinity (Steck 2018)."""


def miscalibration(lists: NDArray[np.int32], histories: Histories, genres: NDArray[np.float32]) -> NDArray[np.float64]:
    """KL(p || q) of the genres of a history (p) and of a list (q), `[people]`, nats; 0 is perfect (Steck 2018).

    `genres` is `[n_items, n_genres]`; a movie spreads 1 evenly over its genres. NaN where history or list knows no genre.
    """
    share = genres / np.maximum(genres.sum(axis=1, keepdims=True), 1)
    p = histories.matrix(len(genres), np.ones(len(histories.items), np.float32)) @ share
    q = (share[lists] * (lists >= 0)[:, :, None]).sum(axis=1)
    defined = (p.sum(axis=1) > 0) & (q.sum(axis=1) > 0)
    p, q = _distribution(p), _distribution(q)
    ratio = np.divide(p, (1 - ALPHA) * q + ALPHA * p, out=np.ones_like(p), where=p > 0)
    return np.where(defined, (p * np.log(ratio)).sum(axis=1), np.nan)


def _distribution(weights: NDArray[np.float32]) -> NDArray[np.float64]:
    return weights.astype(np.float64) / np.maximum(weights.sum(axis=1, keepdims=True, dtype=np.float64), 1e-12)
