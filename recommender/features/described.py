"""What is known of movies as rows of numbers, text and features side by side: what linear models read."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

from recommender.data import Catalog
from recommender.features import items, sentence
from recommender.features.config import Encoder
from recommender.features.items import features, shared_values
from recommender.features.newcomers import texts_of, values_of
from recommender.features.texts import WIDTH

READS = (*dict.fromkeys((*sentence.COLUMNS, *items.READS)),)
"""Columns of the catalogue that it reads."""
FEWEST = 3
"""Movies that must share a value of a feature. Source: validation on the embedded data, see `WEIGHT`."""
REDUCED = 512
"""Numbers to which the features' values are reduced, of some ten thousand. Source: as `WEIGHT`."""
WEIGHT = 1.0
"""Of features beside the text's unit vector.

Source: validation on cold movies of the embedded data, by the scores of EASE: of 128 and 512 numbers and weights .5, 1 and 2 it was within
.002 of the best.
"""


class Described:
    """Rows [text, reduced features, 1], from `texts` `[n_items, WIDTH]`. A movie of which nothing is known is the 1 alone."""

    rows: NDArray[np.float32]
    """`[n_items, WIDTH + REDUCED + 1]`."""
    basis: NDArray[np.float32]
    """The features' values in the reduced space, `[n_values, REDUCED]`."""

    def __init__(self, catalog: Catalog, texts: NDArray[np.float32], seed: int) -> None:
        values = _unit(shared_values(features(catalog), len(catalog), FEWEST))
        self.basis = np.zeros((values.shape[1], REDUCED), np.float32)
        k = min(REDUCED, min(values.shape))
        if k and values.nnz:
            self.basis[:, :k] = randomized_svd(values, k, random_state=seed)[2].T
        self.rows = _side_by_side(texts, values @ self.basis)


def described(
    catalog: Catalog,
    newcomers: Catalog,
    encoder: Encoder,
    seed: int,
    rows: NDArray[np.float32],
    basis: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Newcomers' rows, in the terms of the `rows` and `basis` of the catalogue, `[n_newcomers, WIDTH + REDUCED + 1]`.

    Raises MarqueeError when the encoder that the catalogue's texts were embedded with is not installed.
    """
    texts = texts_of(catalog, newcomers, encoder, seed, rows[:, :WIDTH])
    return _side_by_side(texts, _unit(values_of(catalog, newcomers, FEWEST)) @ basis)


def _unit(values: sp.csr_array) -> sp.csr_array:
    """Rows of length 1, or 0."""
    return sp.csr_array(sp.diags_array(np.maximum(np.diff(values.indptr), 1).astype(np.float32) ** -0.5) @ values)


def _side_by_side(texts: NDArray[np.float32], reduced: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.hstack([texts, np.float32(WEIGHT) * reduced, np.ones((len(texts), 1), np.float32)]).astype(np.float32)
