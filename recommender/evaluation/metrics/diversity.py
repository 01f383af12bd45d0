"""Diversity: how unlike each other are the movies of one list?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def diversity(lists: NDArray[np.int32], genres: NDArray[np.float32]) -> NDArray[np.float64]:
    """1 - mean cosine of the genres of each pair of a list (Ziegler et al. 2005, Smyth and McClave 2001), `[people]`, 0..1.

    `genres` is `[n_items, n_genres]`. Movies without genres are left out; NaN where fewer than two are left.
    """
    length = np.linalg.norm(genres, axis=1, keepdims=True)
    unit = np.divide(genres, length, out=np.zeros_like(genres), where=length > 0)
    counted = (lists >= 0) & (length[:, 0] > 0)[lists]
    vectors = unit[lists] * counted[:, :, None]  # [people, k, n_genres]
    n = counted.sum(axis=1)
    # Of all ordered pairs the n of a movie with itself have a cosine of 1.
    pairs = np.square(vectors.sum(axis=1, dtype=np.float64)).sum(axis=1) - n
    return np.where(n > 1, 1 - pairs / np.maximum(n * (n - 1), 1), np.nan)
