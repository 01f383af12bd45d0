"""The features of movies: which values each has. What is not known of a movie is missing, which is not the same as having none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.data import Catalog

RUNTIMES = (40, 80, 100, 120, 150)
"""Minutes at which one class of runtime ends and the next begins: shorts, then feature films about a quarter each, then epics."""
COLUMNS = ("genres", "decade", "directors", "writers", "cast", "countries", "certificate", "runtime", "tags")
"""Every feature, in the order of `features`."""
READS = ("genres", "year", "directors", "writers", "cast", "countries", "certificate", "runtime_minutes", "tags")
"""Columns of the catalogue that they are made from."""


@dataclass(frozen=True, eq=False)
class Feature:
    """One kind of thing that may be known of a movie."""

    name: str
    values: list[str]
    """In alphabetical order."""
    matrix: sp.csr_array
    """float32 `[n_items, n_values]`, 1 where a movie has a value; an empty row where nothing is known."""

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which movies have the feature, `[n_items]`."""
        return np.diff(self.matrix.indptr) > 0

    def __str__(self) -> str:
        """How many movies have it."""
        known = self.known
        return f"{self.name}: {known.sum():,} of {len(known):,} movies, {len(self.values):,} values"


def features(catalog: Catalog) -> list[Feature]:
    """All features of a catalogue; one that no movie has is there, without values."""
    frame = catalog.frame
    runtime = frame["runtime_minutes"].cut(RUNTIMES, labels=_runtime_labels(), left_closed=True).cast(pl.String)
    made = {
        "decade": (frame["year"] // 10 * 10).cast(pl.String) + "s",
        "certificate": frame["certificate"],
        "runtime": runtime,
    }
    return [_feature(name, made[name] if name in made else frame[name]) for name in COLUMNS]


def shared_values(found: list[Feature], n_items: int, fewest: int = 2) -> sp.csr_array:
    """All features side by side, float32 `[n_items, n_values]`, without values that fewer than `fewest` movies have.

    A value of one movie alone says nothing of any other movie.
    """
    side_by_side = sp.csc_array(sp.hstack([sp.csr_array((n_items, 0)), *(feature.matrix for feature in found)]))
    return sp.csr_array(side_by_side[:, np.diff(side_by_side.indptr) >= fewest].astype(np.float32))


def _feature(name: str, column: pl.Series) -> Feature:
    """From one value or a list of values per movie; null, empty lists and empty words are missing."""
    rows = pl.DataFrame({"value": column}).with_row_index("item")
    if column.dtype == pl.List(pl.String):
        rows = rows.explode("value")
    rows = rows.filter(pl.col("value").is_not_null() & (pl.col("value") != "")).unique(["item", "value"])
    values = rows["value"].unique().sort()
    place = np.searchsorted(values.to_numpy(), rows["value"].to_numpy()) if len(values) else np.empty(0, np.int64)
    shape = (len(column), len(values))
    matrix = sp.csr_array((np.ones(len(rows), np.float32), (rows["item"].to_numpy(), place)), shape=shape)
    return Feature(name, values.to_list(), matrix)


def _runtime_labels() -> list[str]:
    below = [f"under {RUNTIMES[0]} min"]
    between = [f"{begin} to {end - 1} min" for begin, end in pairwise(RUNTIMES)]
    return [*below, *between, f"{RUNTIMES[-1]} min and more"]
