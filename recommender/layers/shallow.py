"""The weights of every item on all others, in closed form: what EASE and its variant with features share."""

from __future__ import annotations

import numpy as np
import scipy.linalg as la
import scipy.sparse as sp
from numpy.typing import NDArray


def solved(
    X: sp.csr_array, regularization: float, extra: NDArray[np.float32] | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """B = I - P diag(1 / diag P) with P = (ZᵀZ + λI)⁻¹, where Z is X `[n_users, m]` with `extra` rows `[r, m]` below it.

    With fewer rows than items the inverse is taken on the side of the rows (Woodbury): P = (I - GGᵀ) / λ with G = Zᵀ L⁻ᵀ and
    LLᵀ = ZZᵀ + λI. B is then never formed: G `[m, n_users + r]` says the same in a fraction of the memory. Returns G and diag P
    `[m]`, or B `[m, m]` and nothing, whichever is smaller. Source: Steck (2019), equation 8.
    """
    rows = X.shape[0] + (0 if extra is None else len(extra))
    return (_rows_side if rows < X.shape[1] else _items_side)(X, regularization, extra)


def _rows_side(
    X: sp.csr_array, lam: float, extra: NDArray[np.float32] | None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    Z = X.toarray().astype(np.float64)
    if extra is not None:
        Z = np.vstack([Z, extra])
    gram = Z @ Z.T
    gram[np.diag_indices_from(gram)] += lam
    G = la.solve_triangular(la.cholesky(gram, lower=True), Z, lower=True).T  # [m, rows]
    return np.ascontiguousarray(G, np.float32), ((1 - np.square(G).sum(axis=1)) / lam).astype(np.float32)


def _items_side(
    X: sp.csr_array, lam: float, extra: NDArray[np.float32] | None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    gram = (X.T @ X).toarray()  # [m, m]
    if extra is not None:
        gram += extra.T @ extra
    gram[np.diag_indices_from(gram)] += np.float32(lam)
    P = la.inv(gram, overwrite_a=True, assume_a="pos")
    B = -P / np.diag(P)
    B[np.diag_indices_from(B)] = 0
    return np.ascontiguousarray(B, np.float32), np.empty(0, np.float32)


def weighed(
    X: sp.csr_array, factor: NDArray[np.float32], diagonal: NDArray[np.float32], regularization: float
) -> NDArray[np.float32]:
    """xB of people with rows x, `[batch, m]`, from what `solved` gave: xB = x(1 - 1 / (λ diag P)) + xGGᵀ / (λ diag P)."""
    if not len(diagonal):
        return X @ factor
    scale = 1 / (np.float32(regularization) * diagonal)  # [m]
    xB = (X @ factor) @ factor.T
    xB *= scale
    xB[np.repeat(np.arange(X.shape[0]), np.diff(X.indptr)), X.indices] += X.data * (1 - scale)[X.indices]
    return xB
