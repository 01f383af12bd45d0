"""Reviews that people wrote beside their ratings, as text of the movies that they are about."""

from __future__ import annotations

import polars as pl


def reviewed(movies: pl.DataFrame, ratings: pl.DataFrame) -> pl.DataFrame:
    """`movies` with `reviews`, a list of texts per movie in the order of the ratings; null where nobody wrote one.

    `ratings` have the columns movie_id and review; an empty review is none.
    """
    written = (
        ratings.select(pl.col("movie_id").cast(pl.Int64), pl.col("review").str.strip_chars().alias("reviews"))
        .filter(pl.col("reviews") != "")
        .group_by("movie_id", maintain_order=True)
        .agg("reviews")
    )
    return movies.join(written, on="movie_id", how="left", maintain_order="left")
