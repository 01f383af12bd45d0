"""Factors of people, movies and features by alternating least squares: what CMF learns, and what ConvMF begins with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

AT_ONCE = 1_024
"""Systems of equations that are solved together: at 64 factors 16 MB."""


def factorised(
    X: sp.csr_array,
    features: NDArray[np.float32] | None,
    *,
    dim: int,
    ridge: float,
    confidence: float,
    feature_weight: float = 0.0,
    iterations: int,
    seed: int,
    told: Callable[[int], None] = lambda rounds: None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Y of the movies `[n_items, dim]` and x of the people `[n_users, dim]`, which with a of the features minimise, by exact turns,

    Σ c_ui (p_ui - x_u·y_i)² + w Σ (f_ik - a_k·y_i)² + λ (Σ |x|² + w Σ |a|² + Σ |y|²), p = 1 and c = 1 + `confidence` where X has an
    entry, p = 0 and c = 1 elsewhere; f are `features` `[n_items, width]`. A movie without an entry is in the second sum alone, since
    nobody could have watched it. `told(rounds)` hears after each round. Source: Hu, Koren and Volinsky (2008) for the people;
    Singh and Gordon (2008) for the features.
    """
    rng = np.random.default_rng(seed)
    n_users, n_items = X.shape
    by_item, rated = sp.csr_array(X.T), np.asarray(X.sum(axis=0)).ravel() > 0
    F = np.zeros((n_items, 0), np.float32) if features is None else features
    Y = (rng.standard_normal((n_items, dim)) / dim).astype(np.float32)
    x = np.zeros((n_users, dim), np.float32)
    eye = np.eye(dim, dtype=np.float32)
    for done in range(iterations):
        x = step(X, Y, Y[rated].T @ Y[rated] + ridge * eye, None, confidence)
        a = np.linalg.solve(Y.T @ Y + ridge * eye, Y.T @ F).T.astype(np.float32)
        pull = (feature_weight * F @ a).astype(np.float32)  # [n_items, dim]
        own = feature_weight * a.T @ a + ridge * eye
        Y = step(by_item, x, x.T @ x + own, pull, confidence)
        Y[~rated] = np.linalg.solve(own, pull[~rated].T).T
        told(done + 1)
    return Y, x


def step(
    X: sp.csr_array,
    V: NDArray[np.float32],
    gram: NDArray[np.float32],
    pull: NDArray[np.float32] | None,
    confidence: float,
) -> NDArray[np.float32]:
    """u = (`gram` + α Σ v vᵀ)⁻¹ ((1 + α) Σ v + `pull`) of every row of X, the sums over its entries, `[n_rows, dim]`."""
    alpha, d = np.float32(confidence), V.shape[1]
    sums = (1 + alpha) * (X.astype(bool).astype(np.float32) @ V)
    right = sums if pull is None else sums + pull
    out = np.empty((X.shape[0], d), np.float32)
    for begin in range(0, len(out), AT_ONCE):
        end = min(begin + AT_ONCE, len(out))
        A = np.repeat(gram[None], end - begin, axis=0)
        for row in range(begin, end):
            mine = V[X.indices[X.indptr[row] : X.indptr[row + 1]]]
            A[row - begin] += alpha * (mine.T @ mine)
        out[begin:end] = np.linalg.solve(A, right[begin:end, :, None])[:, :, 0]
    return out
