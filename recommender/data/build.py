"""Makes the embedded data set: compact, cleaned, joined with films, from the files as they were published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from recommender.data.matching import Entry, match
from recommender.data.titles import parse
from recommender.errors import MarqueeError

RATINGS, MOVIES, FILMS = (
    "movielens-small-2016-ratings.parquet",
    "movielens-small-2016-movies.parquet",
    "wikidata-films.parquet",
)
NO_GENRES = "(no genres listed)"
FILM_LISTS = ("directors", "writers", "cast", "countries", "languages")


@dataclass(frozen=True)
class BuildReport:
    """What became of the build."""

    movies: int
    ratings: int
    matched_movies: float
    """Share of the movies with a film, 0..1."""
    matched_ratings: float
    """Share of the ratings whose movie has a film, 0..1."""
    size_bytes: int

    def __str__(self) -> str:
        return (
            f"{self.movies:,} movies and {self.ratings:,} ratings in {self.size_bytes / 1e6:.1f} MB; "
            f"a film was found for {self.matched_movies:.1%} of the movies and {self.matched_ratings:.1%} of the ratings"
        )


def build(source: Path, assets: Path) -> BuildReport:
    """Read the three published files in `source`, write `assets`/movielens and `assets`/wikidata.

    Raises MarqueeError when a file is missing.
    """
    for name in (RATINGS, MOVIES, FILMS):
        if not (source / name).is_file():
            raise MarqueeError(
                f"{source} has no {name}; the embedded data set is built from {RATINGS}, {MOVIES} and {FILMS}."
            )
    ratings, movies, films = (pl.read_parquet(source / name) for name in (RATINGS, MOVIES, FILMS))

    places = match(_entries(movies, "|"), _entries(films, ", "))
    films = films.with_columns(
        pl.col(*FILM_LISTS).str.split(", "),
        pl.col("runtime_minutes").cast(pl.Int32),
        pl.col("oscars").cast(pl.Int32),
    ).select("imdb_id", "certificate", "runtime_minutes", *FILM_LISTS, "awards", "oscars")
    joined = movies.select("movie_id").with_columns(pl.Series("film", places, dtype=pl.UInt32)).drop_nulls()
    matched = joined.select("movie_id").hstack(films[joined["film"]])

    written = {
        assets / "movielens" / "ratings.parquet": ratings,
        assets / "movielens" / "movies.parquet": _clean(movies),
        assets / "wikidata" / "films.parquet": matched,
    }
    for path, frame in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path, compression="zstd", compression_level=19)
    return BuildReport(
        movies=movies.height,
        ratings=ratings.height,
        matched_movies=matched.height / movies.height,
        matched_ratings=ratings.join(matched, on="movie_id", how="semi").height / ratings.height,
        size_bytes=sum(path.stat().st_size for path in written),
    )


def _entries(frame: pl.DataFrame, separator: str) -> list[Entry]:
    return [
        Entry(title or "", year, frozenset((genres or "").split(separator)) - {"", NO_GENRES})
        for title, year, genres in frame.select("title", "year", "genres").iter_rows()
    ]


def _clean(movies: pl.DataFrame) -> pl.DataFrame:
    titles = [None if raw is None else parse(raw) for raw in movies["title"]]
    return movies.select(
        "movie_id",
        pl.Series("title", [title and title.display for title in titles], dtype=pl.String),
        pl.Series("alternative_titles", [list(title.alternatives) if title else [] for title in titles]),
        "year",
        pl.col("genres").str.split("|").list.set_difference(pl.lit([NO_GENRES])).alias("genres"),
    )
