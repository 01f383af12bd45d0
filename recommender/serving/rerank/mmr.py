"""Maximal marginal relevance (Carbonell and Goldstein 1998): next comes what is relevant and unlike all that stands in the list."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.serving.rerank.relevance import plain_order, relevance, unit


def mmr(scores: ArrayLike, vectors: NDArray[np.floating], k: int, diversity: float) -> NDArray[np.int64]:
    """Places in the order argmax (1 - diversity) rel(i) - diversity max_{j shown} cos(i, j); the paper's λ is 1 - diversity.

    `scores` `[n]`, brought to 0..1; `vectors` `[n, dim]` say what the candidates are, such as their genres. The first is the most
    relevant at every weight.
    """
    if diversity <= 0:
        return plain_order(scores, k)
    rel, rows = relevance(scores), unit(vectors)
    chosen: list[int] = []
    nearest = np.zeros(len(rel))  # the first has nothing to be like
    free = np.ones(len(rel), bool)
    for _ in range(min(k, len(rel))):
        gain = rel if not chosen else (1 - diversity) * rel - diversity * nearest
        place = int(np.argmax(np.where(free, gain, -np.inf)))
        like = rows @ rows[place]
        nearest = like if not chosen else np.maximum(nearest, like)
        free[place] = False
        chosen.append(place)
    return np.array(chosen, np.int64)
