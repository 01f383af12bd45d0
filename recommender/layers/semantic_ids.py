"""Semantic ids: movies as short words of a made-up language, alike where the movies are alike."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2, vq

from recommender.errors import MarqueeError

ITERATIONS = 20


def residual_codes(vectors: NDArray[np.float32], levels: int, codes: int, seed: int) -> NDArray[np.int64]:
    """Residual quantisation of `vectors` `[n, dim]`: int64 `[n, levels]`, each 0..codes-1.

    Level 1 is the nearest of `codes` centres, level 2 the nearest centre of what level 1 leaves over, and so on (Juang and
    Gray 1982); centres by k-means from different movies, drawn by the seed.
    """
    rng, rest = np.random.default_rng(seed), vectors.astype(np.float64)
    out = np.zeros((len(vectors), levels), np.int64)
    for level in range(levels):
        distinct = np.unique(rest.round(9), axis=0)
        start = distinct[np.sort(rng.permutation(len(distinct))[:codes])]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "One of the clusters is empty")
            centres, _ = kmeans2(rest, start, iter=ITERATIONS, minit="matrix")
        out[:, level], _ = vq(rest, centres)
        rest = rest - centres[out[:, level]]
    return out


def unique_codes(semantic: NDArray[np.int64], codes: int) -> NDArray[np.int64]:
    """Add a last token that tells movies of the same semantic codes apart (Rajput et al. 2023): `[n, levels + 1]`, all different.

    Where more than `codes` movies share theirs, the surplus moves on to the next free code, read as a number.
    """
    n, levels = semantic.shape
    if n > codes ** (levels + 1):
        raise MarqueeError(f"{n} movies cannot have different names of {levels + 1} words out of {codes}; raise codes.")
    place = codes ** np.arange(levels - 1, -1, -1)
    number = semantic @ place
    while (surplus := (rank := _rank_among_equals(number)) >= codes).any():
        number[surplus] = (number[surplus] + rank[surplus] // codes) % codes**levels
    return np.column_stack([number[:, None] // place % codes, rank])


def _rank_among_equals(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for the first of equal values, 1 for the second, ..., `[n]`."""
    order = np.argsort(values, kind="stable")
    begins = np.flatnonzero(np.diff(values[order], prepend=-1))
    rank = np.empty(len(values), np.int64)
    rank[order] = np.arange(len(values)) - np.repeat(begins, np.diff(begins, append=len(values)))
    return rank
