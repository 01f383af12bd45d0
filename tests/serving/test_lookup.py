"""Finding a movie that somebody else's list names: a wrong one is worse than none."""

from __future__ import annotations

import polars as pl
import pytest

from recommender.data import Catalog
from recommender.serving.lookup import Missing, MovieLookup, imdb_number

MOVIES = [
    (1, "The Matrix", [], 1999, "tt0133093"),
    (2, "La Haine", ["Hate"], 1995, None),
    (3, "Hamlet", [], 1990, None),
    (4, "Hamlet", [], 1996, None),
    (5, "Solaris", [], 2002, None),
    (6, "Twins", [], 1988, None),
    (7, "Twins", [], 1988, None),
    (8, "Undated", [], None, None),
]


@pytest.fixture(scope="module")
def lookup() -> MovieLookup:
    columns = ["movie_id", "title", "alternative_titles", "year", "imdb_id"]
    return MovieLookup(Catalog.from_frame(pl.DataFrame(MOVIES, schema=columns, orient="row")))


@pytest.mark.parametrize(
    ("title", "year", "movie"),
    [
        ("The Matrix", 1999, 1),
        ("Matrix, The (1999)", None, 1),
        ("matrix", 1999, 1),
        ("The Matrix", 2000, 1),
        ("The Matrix", 2001, None),
        ("The Matrix", None, 1),
        ("Hate", 1995, 2),
        ("Haine, La (Hate) (1995)", None, 2),
        ("HAMLET", 1996, 4),
        ("Hamlet", 1991, 3),
        ("Solaris", 1972, None),
        ("Undated", 1950, None),
        ("Undated", None, 8),
        ("No Such Film", 1999, None),
        ("", None, None),
    ],
)
def test_by_title(lookup: MovieLookup, title: str, year: int | None, movie: int | None) -> None:
    found = lookup.by_title(title, year)
    assert found == (Missing.UNKNOWN if movie is None else movie - 1)


@pytest.mark.parametrize(("title", "year"), [("Hamlet", None), ("Twins", 1988), ("Twins", 1989)])
def test_two_candidates_are_none(lookup: MovieLookup, title: str, year: int | None) -> None:
    assert lookup.by_title(title, year) is Missing.AMBIGUOUS


@pytest.mark.parametrize("imdb_id", ["tt0133093", "0133093", "133093", " tt133093 "])
def test_by_imdb(lookup: MovieLookup, imdb_id: str) -> None:
    assert lookup.by_imdb(imdb_id) == 0


@pytest.mark.parametrize("imdb_id", ["", "tt", "nm0133093", "tt0000001", "٣"])
def test_no_such_imdb_id(lookup: MovieLookup, imdb_id: str) -> None:
    assert lookup.by_imdb(imdb_id) is None


def test_by_movie_id(lookup: MovieLookup) -> None:
    assert lookup.by_movie_id(5) == 4
    assert lookup.by_movie_id(99) is None


def test_imdb_numbers() -> None:
    assert imdb_number(None) is None
    assert imdb_number("tt0000000012") == 12
