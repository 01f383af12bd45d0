"""Calibration (Steck 2018): a list made up of the genres that the person's own history is made up of."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.serving.rerank.relevance import plain_order, relevance

ALPHA = 0.01
"""Share of the wanted distribution mixed into the list's, so that a genre it lacks costs much but not infinity (Steck 2018)."""


def shares(genres: NDArray[np.floating]) -> NDArray[np.float64]:
    """p(g | i): each movie spreads 1 evenly over its genres, `[n, n_genres]`; zeros for a movie without any."""
    rows = np.asarray(genres, np.float64)
    return rows / np.maximum(rows.sum(axis=1, keepdims=True), 1)


def divergence(wanted: NDArray[np.floating], found: NDArray[np.floating]) -> NDArray[np.float64]:
    """KL(p || q~) in nats of `wanted` p `[n_genres]` and each row of `found` q `[n, n_genres]`, neither yet summing to 1; 0 is perfect.

    q~ = (1 - ALPHA) q + ALPHA p. What knows no genre at all is as far away as can be.
    """
    p = np.asarray(wanted, np.float64) / max(wanted.sum(), 1e-12)
    q = np.asarray(found, np.float64) / np.maximum(found.sum(axis=1, keepdims=True), 1e-12)
    counted = p > 0
    return (p[counted] * np.log(p[counted] / ((1 - ALPHA) * q[:, counted] + ALPHA * p[counted]))).sum(axis=1)


def calibrate(
    scores: ArrayLike, genres: NDArray[np.floating], wanted: NDArray[np.floating], k: int, weight: float
) -> NDArray[np.int64]:
    """Places in the order in which a greedy search adds them to max (1 - weight) Σ rel(i) - weight KL(p || q~).

    `scores` `[n]`, brought to 0..1; `genres` `[n, n_genres]`, 1 where a movie has one; `wanted` `[n_genres]` is how much of each the history
    has (sum of `shares`), and where that is nothing the plain order stays. The paper's λ is `weight`.
    """
    if weight <= 0 or not np.any(wanted):
        return plain_order(scores, k)
    rel, parts = relevance(scores), shares(genres)
    chosen: list[int] = []
    listed = np.zeros(parts.shape[1])
    free = np.ones(len(rel), bool)
    for _ in range(min(k, len(rel))):
        gain = (1 - weight) * rel - weight * divergence(wanted, listed + parts)
        place = int(np.argmax(np.where(free, gain, -np.inf)))
        listed += parts[place]
        free[place] = False
        chosen.append(place)
    return np.array(chosen, np.int64)
