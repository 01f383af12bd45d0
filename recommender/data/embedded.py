"""The data set that comes with the house: see assets/movielens/TERMS.md and assets/wikidata/TERMS.md."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from recommender.errors import MarqueeError

ASSETS = Path(__file__).resolve().parents[2] / "assets"


def read() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Ratings and movies, joined with what is known of their films. Raises MarqueeError when the files are missing."""
    paths = [
        ASSETS / "movielens" / "ratings.parquet",
        ASSETS / "movielens" / "movies.parquet",
        ASSETS / "wikidata" / "films.parquet",
    ]
    for path in paths:
        if not path.is_file():
            raise MarqueeError(f"The embedded data set is incomplete: {path} is missing; check the project out again.")
    ratings, movies, films = (pl.read_parquet(path) for path in paths)
    return ratings, movies.join(films, on="movie_id", how="left", maintain_order="left")
