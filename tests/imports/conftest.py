"""A shelf of movies that are easy to confuse."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from app.imports import Import, read
from recommender.data import Catalog
from recommender.serving.lookup import MovieLookup

NOW = 1_800_000_000.0


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.from_frame(
        pl.DataFrame(
            {
                "movie_id": [1, 10, 2571, 348, 100, 101, 200, 201],
                "title": ["Toy Story", "Amélie", "The Matrix", "Seven", "Hamlet", "Hamlet", "Solaris", "Solaris"],
                "alternative_titles": [[], ["Le fabuleux destin d'Amélie Poulain"], [], ["Se7en"], [], [], [], []],
                "year": [1995, 2001, 1999, 1995, 2000, 2000, 1972, 2002],
                "imdb_id": ["tt0114709", "tt0211915", "tt0133093", None, None, None, None, None],
            }
        )
    )


@pytest.fixture(scope="session")
def reading(catalog: Catalog) -> Callable[..., Import]:
    """`read` over the shelf, from text or bytes."""
    lookup = MovieLookup(catalog)

    def go(content: str | bytes, **options: str) -> Import:
        raw = content.encode() if isinstance(content, str) else content
        return read(raw, catalog, lookup, now=NOW, **options)

    return go
