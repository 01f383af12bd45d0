"""Where data comes from: a name or a path becomes a `Dataset`."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import polars as pl

from recommender.data import embedded, grouplens
from recommender.data.catalog import Catalog
from recommender.data.dataset import Dataset
from recommender.data.download import ARCHIVES, Watch, fetch
from recommender.data.interactions import Interactions
from recommender.data.reviews import reviewed
from recommender.data.tables import REVIEW, read_ratings
from recommender.errors import MarqueeError

FORMS = (
    "Use embedded, one of " + ", ".join(ARCHIVES) + ", a folder or zip in GroupLens form, or a CSV or Parquet file of "
    "user_id,movie_id,rating,timestamp, to which review may be added."
)


def load(source: str | Path, watch: Watch | None = None) -> Dataset:
    """Read a data set: `embedded`, a GroupLens name (downloaded once), a folder or zip in GroupLens form, or one table.

    `watch(done, total)` is told the bytes of a download. Raises MarqueeError, in one sentence, for whatever cannot be read.
    """
    if source == "embedded":
        return assemble("embedded", *embedded.read())
    if source in ARCHIVES:
        return assemble(str(source), *grouplens.read(fetch(str(source), watch)))
    path = Path(source).expanduser()
    if not path.exists():
        raise MarqueeError(f"There is no data set {source}. {FORMS}")
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", path.resolve().stem if path.is_file() else path.resolve().name) or "data"
    try:
        if path.is_dir() or path.suffix.lower() == ".zip":
            return assemble(name, *grouplens.read(path))
        return assemble(name, read_ratings(path), None)
    except (OSError, UnicodeDecodeError) as error:
        raise MarqueeError(f"{path} cannot be read: {error}.") from error


def assemble(name: str, ratings: pl.DataFrame, movies: pl.DataFrame | None) -> Dataset:
    """Number movies and people densely. Movies that only the ratings name are added as "Movie 123"; reviews go to their movies."""
    rated = ratings.select(pl.col("movie_id").cast(pl.Int64).unique().sort())
    if movies is None:
        movies = rated
    else:
        movies = movies.with_columns(pl.col("movie_id").cast(pl.Int64))
        movies = pl.concat([movies, rated.join(movies, on="movie_id", how="anti")], how="diagonal")
    if REVIEW in ratings.columns:
        movies = reviewed(movies, ratings)
    if "title" not in movies.columns:
        movies = movies.with_columns(title=pl.lit(None, dtype=pl.String))
    untitled = pl.format("Movie {}", "movie_id")
    catalog = Catalog.from_frame(movies.with_columns(pl.col("title").fill_null(untitled)))
    interactions = Interactions.from_columns(
        ratings["user_id"].to_numpy(),
        catalog.index_of(ratings["movie_id"].to_numpy()).astype(np.int32),
        ratings["rating"].to_numpy(),
        ratings["timestamp"].to_numpy(),
    )
    return Dataset(name, catalog, interactions)
