"""Rows of numbers: text, features, and a 1."""

from __future__ import annotations

import numpy as np
import polars as pl

from recommender.data import Catalog
from recommender.features.described import WEIGHT, Described, described
from recommender.features.texts import WIDTH, embed

ROWS = [{"title": f"Star {n}", "genres": ["Sci-Fi"], "year": 1980} for n in range(4)]
ROWS += [{"title": f"Love {n}", "genres": ["Romance"], "year": 2001} for n in range(4)] + [{"title": None}]
KNOWN = Catalog.from_frame(pl.DataFrame([{"movie_id": n, **row} for n, row in enumerate(ROWS)]))


def made() -> Described:
    return Described(KNOWN, embed(KNOWN, "lsa", 0), 0)


def test_a_row_is_text_and_features_and_a_one() -> None:
    rows = made().rows
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows[:, :WIDTH], axis=1), np.linalg.norm(rows[:, WIDTH:-1], axis=1), rows[:, -1]
    assert np.allclose(lengths, [[1] * 8 + [0], [WEIGHT] * 8 + [0], [1] * 9], atol=1e-5)
    alike = rows[:, WIDTH:-1] @ rows[:, WIDTH:-1].T
    assert np.allclose(alike[0, :4], WEIGHT**2, atol=1e-5)
    assert np.allclose(alike[0, 4:], 0, atol=1e-5)


def test_newcomers_have_the_rows_of_movies_that_are_the_same() -> None:
    known = made()
    again = Catalog(KNOWN.frame[[1, 5, 8]].with_columns(movie_id=pl.col("movie_id") + 100))
    assert np.allclose(described(KNOWN, again, "lsa", 0, known.rows, known.basis), known.rows[[1, 5, 8]], atol=1e-5)


def test_a_bare_catalogue_has_ones_alone() -> None:
    bare = Catalog.from_frame(pl.DataFrame({"movie_id": [1, 2]}))
    rows = Described(bare, np.zeros((2, WIDTH), np.float32), 0).rows
    assert rows.sum() == rows[:, -1].sum() == 2
