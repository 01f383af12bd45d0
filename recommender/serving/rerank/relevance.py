"""Scores of any model on one scale, so that a re-ranker can weigh them against something else."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def relevance(scores: ArrayLike) -> NDArray[np.float64]:
    """Scores `[n]` from 0, the lowest, to 1, the highest; all 0 where they are all equal."""
    found = np.asarray(scores, np.float64)
    if not len(found):
        return found
    span = found.max() - found.min()
    return (found - found.min()) / span if span > 0 else np.zeros_like(found)


def plain_order(scores: ArrayLike, k: int) -> NDArray[np.int64]:
    """Places of the k highest, highest first."""
    return np.argsort(-np.asarray(scores, np.float64), kind="stable")[:k]


def unit(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """Rows `[n, dim]` of length 1, so that their products are cosines; rows of zeros stay, like nothing."""
    rows = np.asarray(vectors, np.float64)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)
