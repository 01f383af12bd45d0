"""Popularity: what to answer when a model has nothing to go by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.data import Interactions

WHISPER = 1e-6
"""Popularity's share beside a model's own score: it orders what the model leaves equal, and nothing else."""


def popularity(
    interactions: Interactions, n_items: int, weight: NDArray[np.float64] | None = None
) -> NDArray[np.float32]:
    """How often each item was rated, or the sum of `weight` per rating, over the most popular one's, `[n_items]`, 0..1."""
    counts = np.bincount(interactions.item, weights=weight, minlength=n_items)
    return (counts / max(counts.max(), 1e-12)).astype(np.float32)


def log_share(items: NDArray[np.int32], n_items: int) -> NDArray[np.float32]:
    """ln((c_i + 1) / Σ (c_j + 1)) of every item's count c among `items`, `[n_items]`: logits whose softmax is popularity."""
    counts = np.bincount(items, minlength=n_items) + 1.0
    return np.log(counts / counts.sum()).astype(np.float32)


def backed_off(
    scores: NDArray[np.float32], popular: NDArray[np.float32], has_evidence: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Scores `[batch, n_items]` where ties are ordered by `popular` and people without evidence `[batch]` get `popular` itself.

    Works in place, since a copy of a thousand people's scores takes longer than the rest: `scores` is what comes back.
    """
    reach = np.abs(scores).max(axis=1, initial=0)
    for row, whisper in zip(scores, np.float32(WHISPER) * reach, strict=True):
        row += whisper * popular
    scores[~has_evidence] = popular
    return scores
