"""Determinantal point process, its best list found greedily in O(k² n) (Chen, Zhang and Zhou 2018).

A list is worth the volume that its movies span: the more alike two are, the flatter. Unlike in MMR, every movie of the list counts, not only
the most similar one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.serving.rerank.relevance import plain_order, relevance, unit

APART = 0.01
"""How far even two movies of the same features are apart, 0..1: the kernel stays invertible however long the list."""


def kernel(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """S: likeness of all pairs, `[n, n]`, 1 on the diagonal, positive definite."""
    rows = unit(vectors)
    S = (1 - APART) * rows @ rows.T
    np.fill_diagonal(S, 1)
    return S


def dpp(scores: ArrayLike, vectors: NDArray[np.floating], k: int, diversity: float) -> NDArray[np.int64]:
    """Places in the order in which a greedy search adds them to max (1 - diversity) Σ rel(i) + diversity log det S.

    `scores` `[n]`, brought to 0..1; `vectors` `[n, dim]`. The paper's θ is 1 - diversity. Each step updates a Cholesky factor of S by one
    row: with c_i its row for candidate i, d_i² = S_ii - |c_i|² is by how much the determinant grows.
    """
    if diversity <= 0:
        return plain_order(scores, k)
    rel, rows = relevance(scores), unit(vectors)
    n, k = len(rel), min(k, len(rel))
    c = np.zeros((k, n))
    d2 = np.ones(n)
    free = np.ones(n, bool)
    chosen: list[int] = []
    for step in range(k):
        gain = (1 - diversity) * rel + diversity * np.log(np.maximum(d2, 1e-12))
        place = int(np.argmax(np.where(free, gain, -np.inf)))
        like = (1 - APART) * (rows @ rows[place])
        e = (like - c[:step, place] @ c[:step]) / np.sqrt(max(d2[place], 1e-12))
        c[step] = e
        d2 = d2 - np.square(e)
        free[place] = False
        chosen.append(place)
    return np.array(chosen, np.int64)
