"""The catalogue: every movie once, with a dense index that models use and the movie_id that people use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

SCHEMA: dict[str, pl.DataType] = {
    "movie_id": pl.Int64(),
    "title": pl.String(),
    "alternative_titles": pl.List(pl.String()),
    "year": pl.Int32(),
    "genres": pl.List(pl.String()),
    "tags": pl.List(pl.String()),
    "plot": pl.String(),
    "reviews": pl.List(pl.String()),
    "imdb_id": pl.String(),
    "certificate": pl.String(),
    "runtime_minutes": pl.Int32(),
    "directors": pl.List(pl.String()),
    "writers": pl.List(pl.String()),
    "cast": pl.List(pl.String()),
    "countries": pl.List(pl.String()),
    "languages": pl.List(pl.String()),
    "awards": pl.String(),
    "oscars": pl.Int32(),
}


@dataclass(frozen=True, eq=False)
class Catalog:
    """The movies of one data set. Row i of `frame` is item i everywhere in the library.

    Columns are those of `SCHEMA`; a column that a data set lacks is all null, so that missing stays missing. Lists are
    empty or null when unknown. `movie_id` is unique.
    """

    frame: pl.DataFrame

    @classmethod
    def from_frame(cls, frame: pl.DataFrame) -> Catalog:
        """Take any frame with `movie_id`, add the columns it lacks as nulls, drop those that the schema does not know."""
        columns = [
            pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype=dtype).alias(name)
            for name, dtype in SCHEMA.items()
        ]
        return cls(frame.select(columns).unique("movie_id", keep="first", maintain_order=True))

    def __len__(self) -> int:
        return self.frame.height

    @cached_property
    def movie_ids(self) -> NDArray[np.int64]:
        """The movie_id of every item, `[n_items]`."""
        return self.frame["movie_id"].to_numpy()

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        return np.argsort(self.movie_ids, kind="stable")

    def index_of(self, movie_ids: ArrayLike) -> NDArray[np.int64]:
        """Dense indices of `movie_ids`, same shape; -1 where the catalogue has no such movie."""
        wanted = np.asarray(movie_ids, dtype=np.int64)
        if not len(self):
            return np.full(wanted.shape, -1, dtype=np.int64)
        place = np.searchsorted(self.movie_ids, wanted, sorter=self._order)
        found = self._order[np.minimum(place, len(self) - 1)]
        return np.where(self.movie_ids[found] == wanted, found, -1).astype(np.int64)
