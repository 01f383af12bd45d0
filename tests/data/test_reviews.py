"""Ratings with a column of reviews: they become text of the movies."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from recommender.data.sources import load
from recommender.data.tables import read_ratings
from recommender.features.words import texts

TABLE = (
    "user_id,movie_id,rating,timestamp,review\n"
    '1,10,4.0,100,"A quiet, brave film."\n'
    "1,30,0.5,50,\n"
    "2,10,5.0,70,  2001\n"
    '2,20,5.0,80,"   "\n'
)


@pytest.fixture(params=["csv", "parquet"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The table as a file of either kind."""
    path = tmp_path / f"reviews.{request.param}"
    if request.param == "csv":
        path.write_text(TABLE, encoding="utf-8")
    else:
        pl.read_csv(TABLE.encode(), schema_overrides={"review": pl.String}).write_parquet(path)
    return path


def test_reviews_are_text_of_their_movies(table: Path) -> None:
    dataset = load(table)
    assert dataset.catalog.frame["movie_id"].to_list() == [10, 20, 30]
    assert dataset.catalog.frame["reviews"].to_list() == [["A quiet, brave film.", "2001"], None, None]
    assert len(dataset.interactions) == 4


def test_they_stand_behind_what_else_is_known(table: Path) -> None:
    assert texts(load(table).catalog) == ["Movie 10 A quiet, brave film. 2001", "Movie 20 ", "Movie 30 "]


def test_a_folder_with_movies_may_have_them_too(table: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "ratings.csv").write_text(TABLE, encoding="utf-8")
    (folder / "movies.csv").write_text(
        "movieId,title,genres\n20,Heat (1995),Crime\n10,Babe (1995),Drama\n", encoding="utf-8"
    )
    found = load(folder).catalog.frame
    assert found["title"].to_list() == ["Heat", "Babe", "Movie 30"]
    assert found["reviews"].to_list() == [None, ["A quiet, brave film.", "2001"], None]


def test_a_table_without_the_column_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("user_id,movie_id,rating,timestamp\n1,10,4.0,100\n", encoding="utf-8")
    assert read_ratings(path).columns == ["user_id", "movie_id", "rating", "timestamp"]
    assert load(path).catalog.frame["reviews"].to_list() == [None]
