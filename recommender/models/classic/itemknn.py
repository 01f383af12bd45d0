"""ItemKNN: movies that the same people rated are neighbours; your list is what your movies are next to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field

from recommender.data import Catalog, Histories, Interactions
from recommender.layers import preference
from recommender.layers.popularity import backed_off, popularity
from recommender.models.base import Block, Config, ModelCard, Paper, Progress, Recommender, silent

BLOCK_ITEMS = 512
"""Rows of the similarity that are dense at a time: 512 x 9,066 x 4 bytes are 19 MB."""


class ItemKNNConfig(Config):
    """The neighbourhood."""

    neighbours: int = Field(
        100,
        ge=1,
        le=10_000,
        description="Most similar items that are kept per item. Source: validation on the embedded data.",
        json_schema_extra={"unit": "items"},
    )
    shrinkage: float = Field(
        10.0,
        ge=0,
        le=10_000,
        description="Added to the denominator, so that two movies shared by one person are not twins. "
        "Source: validation on the embedded data; the idea is Bell and Koren's (2007).",
        json_schema_extra={"unit": "people"},
    )


class ItemKNN(Recommender):
    """Cosine similarity of items with shrinkage: s_ij = |U_i and U_j| / (sqrt(|U_i| |U_j|) + shrinkage)."""

    card = ModelCard(
        name="ItemKNN",
        family="classic",
        block=Block.LINEAR,
        paper=Paper(
            authors="Sarwar, Karypis, Konstan and Riedl",
            year=2001,
            title="Item-Based Collaborative Filtering Recommendation Algorithms",
        ),
        sentence="Finds the movies that the same people rated as yours did.",
        ratings=preference.SENTENCE,
        departures="Similarity counts people, not stars, and the score is a sum, not a predicted rating: lists of what to watch "
        "are better so (Deshpande and Karypis 2004).",
    )
    Config = ItemKNNConfig
    config: ItemKNNConfig

    similarity: sp.csr_array
    """Row i holds the neighbours of item i, `[n_items, n_items]`."""
    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Compare every pair of items that share a person, a block of rows at a time."""
        n = len(catalog)
        X = interactions.matrix(n, np.ones(len(interactions), np.float32)).tocsc()  # [n_users, n_items]
        norms = np.sqrt(np.diff(X.indptr)).astype(np.float32)
        rows = X.T.tocsr()  # [n_items, n_users]
        blocks = []
        for begin in range(0, n, BLOCK_ITEMS):
            progress(begin, n, {})
            shared = (rows[begin : begin + BLOCK_ITEMS] @ X).toarray()  # [block, n_items]
            shared[np.arange(len(shared)), begin + np.arange(len(shared))] = 0
            denominator = norms[begin : begin + BLOCK_ITEMS, None] * norms + np.float32(self.config.shrinkage)
            blocks.append(self._nearest(shared / np.maximum(denominator, 1e-9)))
        self.similarity, self.popular = sp.vstack(blocks, format="csr"), popularity(interactions, n)
        return self

    def _nearest(self, similarity: NDArray[np.float32]) -> sp.csr_array:
        """Keep the largest entries of each row."""
        k = min(self.config.neighbours, similarity.shape[1])
        columns = np.argpartition(similarity, -k, axis=1)[:, -k:]
        values = np.take_along_axis(similarity, columns, axis=1)
        place = np.repeat(np.arange(len(similarity)), k)
        kept = sp.coo_array((values.ravel(), (place, columns.ravel())), shape=similarity.shape).tocsr()
        kept.eliminate_zeros()
        kept.sort_indices()
        return kept

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Sum of the similarities to what was rated, `[batch, n_items]`."""
        W = histories.matrix(len(self.popular), preference.weights(histories.ratings))
        scores = (W @ self.similarity).toarray()
        return backed_off(scores, self.popular, np.abs(scores).max(axis=1) > 0)

    def state(self) -> dict[str, NDArray[Any]]:
        """The sparse similarities and popularity."""
        return {
            "data": self.similarity.data,
            "indices": self.similarity.indices,
            "indptr": self.similarity.indptr,
            "popular": self.popular,
        }

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take similarities and popularity back."""
        self.popular = state["popular"]
        shape = (len(self.popular), len(self.popular))
        self.similarity = sp.csr_array((state["data"], state["indices"], state["indptr"]), shape=shape)
