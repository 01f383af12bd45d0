"""Ranking: from scores to a list."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def best(scores: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    """Positions of the k highest of `scores` `[n]`, best first; of equal scores the lower position comes first.

    What is scored -inf is never in the list, so it may be shorter than k.
    """
    if k < len(scores):
        threshold = np.partition(scores, -k)[-k] if k else np.inf
        candidates = np.flatnonzero((scores >= threshold) & (scores > -np.inf))
    else:
        candidates = np.flatnonzero(scores > -np.inf)
    return candidates[np.lexsort((candidates, -scores[candidates]))][:k].astype(np.int32)
