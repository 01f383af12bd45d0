"""Genres of the catalogue as a matrix."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recommender.data import Catalog


def genre_matrix(catalog: Catalog) -> NDArray[np.float32] | None:
    """1 where an item has a genre, `[n_items, n_genres]`, genres in alphabetical order; None when nothing has any."""
    pairs = catalog.frame.select("genres").with_row_index("item").explode("genres").drop_nulls().unique()
    if pairs.is_empty():
        return None
    columns = pairs["genres"].rank("dense").cast(pl.Int64).to_numpy() - 1
    matrix = np.zeros((len(catalog), columns.max() + 1), np.float32)
    matrix[pairs["item"].to_numpy(), columns] = 1
    return matrix
