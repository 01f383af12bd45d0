"""Tags that people gave movies: GroupLens' tags.csv or tags.dat."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import polars as pl

from recommender.errors import MarqueeError

COLUMNS = ("userId", "movieId", "tag")
DOUBLE_COLON = "::"


def read_tags(source: Path | IO[bytes], name: str) -> pl.DataFrame:
    """Columns movie_id (int64), tags (list of words in lower case, those that most people gave first, equals by the alphabet).

    Raises MarqueeError when columns are missing; polars' errors when a movie's id is no number.
    """
    raw = _dat(source) if name.endswith(".dat") else pl.read_csv(source, infer_schema=False)
    if lacking := [column for column in COLUMNS if column not in raw.columns]:
        raise MarqueeError(f"{name} lacks {', '.join(lacking)}: it has {', '.join(raw.columns[:8])}.")
    given = raw.select(
        pl.col("userId"),
        pl.col("movieId").cast(pl.Int64).alias("movie_id"),
        pl.col("tag").str.to_lowercase().str.strip_chars().str.replace_all(r"\s+", " "),
    ).filter(pl.col("tag") != "")
    return (
        given.group_by("movie_id", "tag")
        .agg(pl.col("userId").n_unique().alias("people"))
        .sort("movie_id", "people", "tag", descending=[False, True, False])
        .group_by("movie_id", maintain_order=True)
        .agg(pl.col("tag").alias("tags"))
    )


def _dat(source: Path | IO[bytes]) -> pl.DataFrame:
    """`15::4973::excellent!::1215184630`: the tag itself may hold a colon."""
    content = source.read_bytes() if isinstance(source, Path) else source.read()
    rows = [line.split(DOUBLE_COLON) for line in content.decode("utf-8", "replace").splitlines() if line.strip()]
    if any(len(row) < 4 for row in rows):
        raise MarqueeError("tags.dat is not of the form UserID::MovieID::Tag::Timestamp.")
    return pl.DataFrame(
        {
            "userId": [row[0] for row in rows],
            "movieId": [row[1] for row in rows],
            "tag": [DOUBLE_COLON.join(row[2:-1]) for row in rows],
        },
        schema={"userId": pl.String, "movieId": pl.String, "tag": pl.String},
    )
