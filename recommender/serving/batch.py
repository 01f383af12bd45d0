"""Answers for a whole file of people, none of whom need have been there in training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from recommender.data import Catalog, Histories, Interactions
from recommender.data.tables import read_ratings
from recommender.errors import MarqueeError
from recommender.models.base import Progress, silent
from recommender.ranking import top_lists
from recommender.serving.artifacts import current_of

Writer = Callable[[pl.DataFrame], None]


@dataclass(frozen=True)
class Skipped:
    """Ratings of movies that the model does not know."""

    ratings: int
    movies: int

    def __str__(self) -> str:
        return f"{self.ratings:,} ratings were skipped: the model does not know their movies ({self.movies:,} in all)."


def recommend(artifact: Path, histories: Path, k: int, progress: Progress = silent) -> tuple[pl.DataFrame, Skipped]:
    """The best k unseen movies of everybody in a file: columns user_id, rank (from 1), movie_id, score, by person and rank.

    `artifact` is DIR/MODEL, of which the current version answers; `histories` is CSV or Parquet of
    user_id,movie_id,rating,timestamp. Raises MarqueeError for a folder that holds no trained model and a file that cannot be read.
    """
    version = current_of(artifact.resolve())
    if version is None:
        raise MarqueeError(f"{artifact} holds no trained model; give DIR/MODEL, as train --out DIR wrote it.")
    model, movies = version.load(), version.movie_ids()
    if not histories.is_file():
        raise MarqueeError(f"There is no file {histories}; give a CSV or Parquet file of histories.")
    rows = read_ratings(histories)
    items = Catalog.from_frame(pl.DataFrame({"movie_id": movies})).index_of(rows["movie_id"].to_numpy())
    unknown = rows.filter(pl.Series(items < 0))
    everybody = Interactions.from_columns(rows["user_id"], items, rows["rating"], rows["timestamp"])
    known = everybody.select(everybody.item >= 0)

    done = 0

    def count(people: int) -> None:
        nonlocal done
        done += people
        progress(done, known.n_users, {})

    top, scores = top_lists(model, Histories.from_interactions(known), min(k, len(movies)), count)
    person, place = np.nonzero(top >= 0)
    table = pl.DataFrame(
        {
            "user_id": known.user_ids[person],
            "rank": (place + 1).astype(np.int32),
            "movie_id": movies[top[person, place]],
            "score": scores[person, place],
        }
    )
    return table, Skipped(unknown.height, unknown["movie_id"].n_unique())


def writer(path: Path) -> Writer:
    """What writes a table to `path`, by its suffix. Raises MarqueeError when that is neither .csv nor .parquet."""
    writers: dict[str, Writer] = {
        ".csv": lambda table: table.write_csv(path),
        ".parquet": lambda table: table.write_parquet(path),
    }
    if path.suffix.lower() not in writers:
        raise MarqueeError(f"{path} is neither CSV nor Parquet; let the file end in .csv or .parquet.")
    return writers[path.suffix.lower()]
