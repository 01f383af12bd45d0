"""RecBole's ml-100k: 100,000 ratings that lie in its package."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from recommender.data.dataset import Dataset
from recommender.data.sources import assemble

RATINGS = "recbole/dataset_example/ml-100k/ml-100k.inter"


def ml_100k(folder: Path) -> Dataset:
    """The ratings in RecBole's package; of one second those come first that stand first in its file."""
    file = next((folder / "recbole" / "lib").glob(f"*/site-packages/{RATINGS}"))
    table = pl.read_csv(file, separator="\t")
    table.columns = [column.partition(":")[0] for column in table.columns]
    return assemble("ml-100k", table.rename({"item_id": "movie_id"}), None)
