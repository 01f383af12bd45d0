"""RecBole's ml-100k: 100,000 ratings of 1,682 movies with genres and years, that lie in its package."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from recommender.data.dataset import Dataset
from recommender.data.sources import assemble

HOME = "recbole/dataset_example/ml-100k/ml-100k"


def ml_100k(folder: Path) -> Dataset:
    """The ratings in RecBole's package; of one second those come first that stand first in its file."""
    return assemble("ml-100k", _table(folder, "inter").rename({"item_id": "movie_id"}), None)


def ml_100k_with_features(folder: Path) -> Dataset:
    """The same with what its package knows of the movies."""
    movies = _table(folder, "item").select(
        pl.col("item_id").alias("movie_id"),
        pl.col("movie_title").alias("title"),
        pl.col("release_year").cast(pl.Int32, strict=False).alias("year"),
        pl.col("class").str.split(" ").alias("genres"),
    )
    return assemble("ml-100k", _table(folder, "inter").rename({"item_id": "movie_id"}), movies)


def _table(folder: Path, name: str) -> pl.DataFrame:
    file = next((folder / "recbole" / "lib").glob(f"*/site-packages/{HOME}.{name}"))
    table = pl.read_csv(file, separator="\t", quote_char=None, infer_schema_length=None)
    table.columns = [column.partition(":")[0] for column in table.columns]
    return table
