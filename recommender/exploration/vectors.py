"""The vectors in which movies resemble each other: the model's own, or, where it has none, who rated them and what they are about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.layers.item_vectors import collaborative_vectors, text_vectors
from recommender.models.abilities import HasVectors
from recommender.models.base import Recommender

DIM = 32
"""Numbers for who rated a movie, and as many for its text. Source: our choice, not swept."""


def own_vectors(model: Recommender) -> NDArray[np.float32] | None:
    """The model's, rows of length 1 or 0, `[n_items, dim]`; None for a model that has none."""
    return unit(model.item_vectors()) if isinstance(model, HasVectors) else None


def house_vectors(interactions: Interactions, catalog: Catalog, seed: int = 0) -> NDArray[np.float32]:
    """For models without vectors: a truncated SVD of the ratings beside one of the texts, rows of length 1 or 0, `[n_items, 2 DIM]`."""
    who = collaborative_vectors(Histories.from_interactions(interactions), len(catalog), DIM, seed)
    return unit(np.concatenate([who, text_vectors(catalog, DIM, seed)], axis=1))


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1, or 0."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(length > 1e-6, rows / np.maximum(length, 1e-6), 0).astype(np.float32)
