"""The catalogue: dense items on one side, movie_ids on the other."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from recommender.data import Catalog
from recommender.data.catalog import SCHEMA
from recommender.data.dataset import Dataset
from recommender.data.interactions import Interactions


@given(st.lists(st.integers(-(2**40), 2**40), unique=True, max_size=30), st.lists(st.integers(-5, 5), max_size=10))
def test_index_of_is_the_inverse_of_movie_ids(movie_ids: list[int], strangers: list[int]) -> None:
    catalog = Catalog.from_frame(pl.DataFrame({"movie_id": movie_ids}, schema={"movie_id": pl.Int64}))
    assert catalog.index_of(movie_ids).tolist() == list(range(len(movie_ids)))
    for stranger in set(strangers) - set(movie_ids):
        assert catalog.index_of([stranger]).tolist() == [-1]
    assert catalog.index_of(np.empty((0, 2))).shape == (0, 2)


def test_missing_columns_are_null_and_unknown_ones_are_dropped() -> None:
    catalog = Catalog.from_frame(pl.DataFrame({"movie_id": [5, 3], "title": ["A", "B"], "colour": ["red", "blue"]}))
    assert catalog.frame.columns == list(SCHEMA)
    assert catalog.frame["runtime_minutes"].null_count() == 2
    assert catalog.movie_ids.tolist() == [5, 3]


def test_of_a_repeated_movie_the_first_counts() -> None:
    catalog = Catalog.from_frame(pl.DataFrame({"movie_id": [5, 3, 5], "title": ["first", "other", "second"]}))
    assert catalog.frame["title"].to_list() == ["first", "other"]


def test_the_fingerprint_changes_with_every_column() -> None:
    catalog = Catalog.from_frame(pl.DataFrame({"movie_id": [1, 2]}))
    columns = {"user_id": [1, 2], "item": [0, 1], "rating": [3.0, 4.0], "timestamp": [10, 20]}
    changed = [columns, *({**columns, name: [*values[:-1], values[-1] - 1]} for name, values in columns.items())]
    changed[1]["user_id"] = [1, 1]
    prints = [Dataset("x", catalog, Interactions.from_columns(*each.values())).fingerprint for each in changed]
    prints.append(
        Dataset(
            "x", Catalog.from_frame(pl.DataFrame({"movie_id": [1, 3]})), Interactions.from_columns(*columns.values())
        ).fingerprint
    )
    assert len(set(prints)) == len(prints)
    assert all(len(each) == 16 for each in prints)
