"""Data small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from recommender.data import Catalog, Interactions

World = tuple[Interactions, Catalog]


@pytest.fixture
def world() -> Callable[..., World]:
    """Makes interactions from one list of items per person, each rated 5 stars, `day` days apart; and a catalogue of n movies."""

    def make(people: list[list[int]], n_items: int) -> World:
        rows = [(user, item, 5.0, 86_400 * n) for user, items in enumerate(people) for n, item in enumerate(items)]
        users, items, stars, times = zip(*rows, strict=True)
        return (
            Interactions.from_columns(users, items, stars, times),
            Catalog.from_frame(pl.DataFrame({"movie_id": range(1, n_items + 1)})),
        )

    return make
