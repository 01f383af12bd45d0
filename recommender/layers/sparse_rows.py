"""Sparse rows: the few things that SciPy does not do with them in one step."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray


def outer(
    person: sp.csr_array, movie: sp.csr_array, who: NDArray[np.int64], which: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Each fact of a person with each of a movie: which pair they are of, and the places of both among the matrices' entries."""
    ones, others = np.diff(person.indptr)[who], np.diff(movie.indptr)[which]
    sizes = (ones * others).astype(np.int64)
    pair = np.repeat(np.arange(len(who)), sizes)
    within = np.arange(len(pair)) - (np.cumsum(sizes) - sizes)[pair]
    one, other = np.divmod(within, np.maximum(others, 1)[pair])
    return pair, (person.indptr[who][pair] + one).astype(np.int64), (movie.indptr[which][pair] + other).astype(np.int64)


def divided(rows: Any, by: NDArray[Any]) -> sp.csr_array:
    """Each row divided by its number in `by` `[n]`; empty rows stay so."""
    divided = sp.csr_array(rows, dtype=np.float32)
    divided.data = (divided.data / np.repeat(by, np.diff(divided.indptr))).astype(np.float32)
    return divided


def as_rows(matrix: Any) -> sp.csr_array:
    """As rows, float32, each entry once."""
    rows = sp.csr_array(matrix, dtype=np.float32)
    rows.sum_duplicates()
    return rows
