"""The forms in which GroupLens publishes MovieLens: a folder or zip with ratings.csv (or ratings.dat) and company."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO

import polars as pl

from recommender.data.build import NO_GENRES
from recommender.data.tables import read_ratings
from recommender.data.tags import read_tags
from recommender.data.titles import Title, parse
from recommender.errors import MarqueeError

Files = dict[str, Callable[[], IO[bytes] | Path]]


def read(path: Path) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Ratings, and what is known of movies, if anything: movies.csv, links.csv and tags.csv, or movies.dat and tags.dat.

    Raises MarqueeError when there are no ratings inside, or the zip is damaged.
    """
    try:
        files = _zipped(path) if path.is_file() else _folder(path)
        ratings_name = next((name for name in ("ratings.csv", "ratings.dat", "ratings.parquet") if name in files), None)
        if ratings_name is None:
            raise MarqueeError(f"{path} holds no ratings.csv or ratings.dat; put one there, or give the table itself.")
        ratings = read_ratings(files[ratings_name](), ratings_name)
        movies = _movies_csv(files) if "movies.csv" in files else _movies_dat(files) if "movies.dat" in files else None
        if tags_name := next((name for name in ("tags.csv", "tags.dat") if name in files), None):
            tags = read_tags(files[tags_name](), tags_name)
            movies = tags if movies is None else movies.join(tags, "movie_id", how="left", maintain_order="left")
    except (zipfile.BadZipFile, EOFError) as error:
        raise MarqueeError(f"{path} is not a sound zip; download it again.") from error
    except pl.exceptions.PolarsError as error:
        raise MarqueeError(f"The movies in {path} cannot be read: {str(error).splitlines()[0]}") from error
    return ratings, movies


def _folder(path: Path) -> Files:
    return {file.name: partial(Path, file) for file in sorted(path.iterdir()) if file.is_file()}


def _zipped(path: Path) -> Files:
    archive = zipfile.ZipFile(path)
    return {Path(name).name: partial(archive.open, name) for name in archive.namelist() if not name.endswith("/")}


def _bytes(file: IO[bytes] | Path) -> bytes:
    return file.read_bytes() if isinstance(file, Path) else file.read()


def _movies_csv(files: Files) -> pl.DataFrame:
    raw = pl.read_csv(_bytes(files["movies.csv"]()), infer_schema=False)
    lacking = [column for column in ("movieId", "title") if column not in raw.columns]
    if lacking:
        raise MarqueeError(f"movies.csv lacks {', '.join(lacking)}: it has {', '.join(raw.columns[:8])}.")
    genres = raw["genres"].to_list() if "genres" in raw.columns else [None] * raw.height
    movies = _movies(raw["movieId"].cast(pl.Int64).to_list(), raw["title"].to_list(), genres)
    if "links.csv" not in files:
        return movies
    links = pl.read_csv(_bytes(files["links.csv"]()), infer_schema=False).select(
        movie_id=pl.col("movieId").cast(pl.Int64), imdb_id=pl.lit("tt") + pl.col("imdbId").str.zfill(7)
    )
    return movies.join(links, on="movie_id", how="left", maintain_order="left")


def _movies_dat(files: Files) -> pl.DataFrame:
    lines = _bytes(files["movies.dat"]()).decode("latin-1").splitlines()
    rows = [line.split("::") for line in lines if line.strip()]
    if any(len(row) < 3 or not row[0].isdigit() for row in rows):
        raise MarqueeError("movies.dat is not of the form MovieID::Title::Genres.")
    return _movies([int(row[0]) for row in rows], ["::".join(row[1:-1]) for row in rows], [row[-1] for row in rows])


def _movies(movie_ids: list[int], raw_titles: list[str | None], genres: list[str | None]) -> pl.DataFrame:
    titles = [parse(raw) if raw else Title("", (), None) for raw in raw_titles]
    return pl.DataFrame(
        {
            "movie_id": movie_ids,
            "title": [title.display or None for title in titles],
            "alternative_titles": [list(title.alternatives) for title in titles],
            "year": [title.year for title in titles],
            "genres": [[g for g in (row or "").split("|") if g and g != NO_GENRES] for row in genres],
        },
        schema_overrides={"alternative_titles": pl.List(pl.String), "year": pl.Int32, "genres": pl.List(pl.String)},
    )
