"""Vectors of movies from what is known beforehand: their texts, or who rated them."""

from __future__ import annotations

import re

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

from recommender.data import Catalog, Histories

PEOPLE = ("directors", "writers", "cast")


def text_vectors(catalog: Catalog, dim: int, seed: int) -> NDArray[np.float32]:
    """Latent semantic analysis (Deerwester et al. 1990) of title, decade, genres and people: unit rows `[n_items, dim]`.

    TF-IDF of words that two movies or more have in common, then a truncated SVD. Movies of which nothing is known get zeros.
    """
    columns = catalog.frame.select("title", "year", "genres", *PEOPLE).iter_rows()
    texts = [_words(title, year, genres, people) for title, year, genres, *people in columns]
    vocabulary = {word: n for n, word in enumerate(sorted({word for text in texts for word in text}))}
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    words = np.array([vocabulary[word] for text in texts for word in text], dtype=np.int64)
    counts = sp.csr_array((np.ones(len(rows)), (rows, words)), shape=(len(texts), max(len(vocabulary), 1)))
    shared = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.where(shared >= 2, np.log((1 + len(texts)) / (1 + shared)), 0.0)
    return _reduced(_unit(sp.csr_array(counts * idf)), dim, seed)


def collaborative_vectors(histories: Histories, n_items: int, dim: int, seed: int) -> NDArray[np.float32]:
    """Movies as the people who rated them, each person weighing one in all: a truncated SVD, unit rows `[n_items, dim]`."""
    watched = histories.matrix(n_items, np.ones(len(histories.items), np.float32))
    return _reduced(_unit(sp.csr_array(_unit(watched).T)), dim, seed)


def _words(title: str | None, year: int | None, genres: list[str] | None, people: list[list[str] | None]) -> list[str]:
    decade = [] if year is None else [f"decade {year // 10}"]
    named = [f"{role} {name}" for role, names in zip(PEOPLE, people, strict=True) for name in names or ()]
    return [*re.findall(r"\w+", (title or "").lower()), *decade, *(f"genre {genre}" for genre in genres or ()), *named]


def _unit(matrix: sp.csr_array) -> sp.csr_array:
    """Rows of length 1, or 0."""
    length = np.sqrt(np.asarray((matrix * matrix).sum(axis=1)).ravel())
    return sp.csr_array(sp.diags_array(1 / np.maximum(length, 1e-12)) @ matrix)


def _reduced(matrix: sp.csr_array, dim: int, seed: int) -> NDArray[np.float32]:
    """U S of the truncated SVD, filled up with zeros to `dim` columns, rows of length 1 or 0."""
    out = np.zeros((matrix.shape[0], dim), np.float32)
    k = min(dim, min(matrix.shape) - 1)
    if k < 1 or not matrix.count_nonzero():
        return out
    # Not ARPACK: where the rank is below k it goes on from vectors that no seed governs.
    left, values, _ = randomized_svd(matrix.astype(np.float64), k, random_state=seed)
    out[:, :k] = left * values
    length = np.linalg.norm(out, axis=1, keepdims=True)
    return np.where(length > 1e-6, out / np.maximum(length, 1e-6), 0).astype(np.float32)
