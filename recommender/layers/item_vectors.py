"""Vectors of movies from what is known beforehand: their texts, or who rated them."""

from __future__ import annotations

import re

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

from recommender.data import Catalog, Histories

PEOPLE = ("directors", "writers", "cast")


class LatentTexts:
    """Latent semantic analysis (Deerwester et al. 1990) of title, decade, genres, people and plot.

    TF-IDF of words that two movies or more have in common, then a truncated SVD. Movies of which nothing is known get zeros.
    """

    vectors: NDArray[np.float32]
    """Unit rows, `[n_items, dim]`."""

    def __init__(self, catalog: Catalog, dim: int, seed: int) -> None:
        texts = _texts(catalog)
        self._dim, self._item = dim, {_in_any_order(text): item for item, text in enumerate(texts)}
        self._vocabulary = {word: n for n, word in enumerate(sorted({word for text in texts for word in text}))}
        counts = self._counts(texts)
        shared = np.asarray((counts > 0).sum(axis=0)).ravel()
        self._idf = np.where(shared >= 2, np.log((1 + len(texts)) / (1 + shared)), 0.0)
        self.vectors, self._basis = _reduced(_unit(sp.csr_array(counts * self._idf)), dim, seed)

    def fold(self, newcomers: Catalog) -> NDArray[np.float32]:
        """Other movies in the same space, unit rows `[n_newcomers, dim]`: tᵀV, words that the catalogue lacks left out.

        The truncated SVD is found by random projections, so tᵀV is near a movie's row of U S and not upon it; a newcomer with the
        very words of a movie of the catalogue therefore gets that movie's vector.
        """
        texts = _texts(newcomers)
        weighted = _unit(sp.csr_array(self._counts(texts) * self._idf))
        folded = np.zeros((len(texts), self._dim), np.float32)
        folded[:, : self._basis.shape[1]] = weighted @ self._basis
        folded = _unit_rows(folded)
        for row, text in enumerate(texts):
            if (item := self._item.get(_in_any_order(text))) is not None:
                folded[row] = self.vectors[item]
        return folded

    def _counts(self, texts: list[list[str]]) -> sp.csr_array:
        """How often each word of the vocabulary stands in each text, `[n_texts, n_words]`."""
        known = [
            (row, self._vocabulary[word]) for row, text in enumerate(texts) for word in text if word in self._vocabulary
        ]
        rows, words = np.array(known, np.int64).reshape(-1, 2).T
        return sp.csr_array((np.ones(len(rows)), (rows, words)), shape=(len(texts), max(len(self._vocabulary), 1)))


def text_vectors(catalog: Catalog, dim: int, seed: int) -> NDArray[np.float32]:
    """The movies' texts by latent semantic analysis, unit rows `[n_items, dim]`."""
    return LatentTexts(catalog, dim, seed).vectors


def collaborative_vectors(histories: Histories, n_items: int, dim: int, seed: int) -> NDArray[np.float32]:
    """Movies as the people who rated them, each person weighing one in all: a truncated SVD, unit rows `[n_items, dim]`."""
    watched = histories.matrix(n_items, np.ones(len(histories.items), np.float32))
    return _reduced(_unit(sp.csr_array(_unit(watched).T)), dim, seed)[0]


def _texts(catalog: Catalog) -> list[list[str]]:
    columns = catalog.frame.select("title", "plot", "year", "genres", *PEOPLE).iter_rows()
    return [
        _words(f"{title or ''} {plot or ''}", year, genres, people) for title, plot, year, genres, *people in columns
    ]


def _in_any_order(text: list[str]) -> tuple[str, ...]:
    return tuple(sorted(text))


def _words(prose: str, year: int | None, genres: list[str] | None, people: list[list[str] | None]) -> list[str]:
    decade = [] if year is None else [f"decade {year // 10}"]
    named = [f"{role} {name}" for role, names in zip(PEOPLE, people, strict=True) for name in names or ()]
    return [*re.findall(r"\w+", prose.lower()), *decade, *(f"genre {genre}" for genre in genres or ()), *named]


def _unit(matrix: sp.csr_array) -> sp.csr_array:
    """Rows of length 1, or 0."""
    length = np.sqrt(np.asarray((matrix * matrix).sum(axis=1)).ravel())
    return sp.csr_array(sp.diags_array(1 / np.maximum(length, 1e-12)) @ matrix)


def _unit_rows(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows of length 1, or 0 where there is next to nothing."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(length > 1e-6, rows / np.maximum(length, 1e-6), 0).astype(np.float32)


def _reduced(matrix: sp.csr_array, dim: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """U S of the truncated SVD, filled up with zeros to `dim` columns, rows of length 1 or 0; and V, `[n_columns, k]`, k <= dim."""
    out = np.zeros((matrix.shape[0], dim), np.float32)
    k = min(dim, min(matrix.shape) - 1)
    if k < 1 or not matrix.count_nonzero():
        return out, np.zeros((matrix.shape[1], 0), np.float32)
    # Not ARPACK: where the rank is below k it goes on from vectors that no seed governs.
    left, values, right = randomized_svd(matrix.astype(np.float64), k, random_state=seed)
    out[:, :k] = left * values
    return _unit_rows(out), np.ascontiguousarray(right.T, np.float32)
