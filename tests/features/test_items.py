"""Features of movies: missing is missing."""

from __future__ import annotations

import polars as pl
import pytest

from recommender.data import Catalog
from recommender.features.items import COLUMNS, Feature, features, shared_values
from recommender.features.sentence import LONGEST, sentences

MOVIES = [
    {
        "movie_id": 1,
        "title": "Solaris",
        "year": 1972,
        "genres": ["Drama", "Sci-Fi"],
        "runtime_minutes": 167,
        "cast": ["A", "B"],
    },
    {
        "movie_id": 2,
        "title": "Stalker",
        "year": 1979,
        "genres": ["Sci-Fi"],
        "runtime_minutes": 80,
        "directors": ["T"],
        "tags": ["slow"],
    },
    {"movie_id": 3, "title": "飲食男女 🍜", "genres": [], "certificate": ""},
]


@pytest.fixture
def catalog() -> Catalog:
    return Catalog.from_frame(pl.DataFrame(MOVIES, infer_schema_length=None))


@pytest.fixture
def by_name(catalog: Catalog) -> dict[str, Feature]:
    return {feature.name: feature for feature in features(catalog)}


def test_each_feature_says_how_many_movies_have_it(by_name: dict[str, Feature]) -> None:
    assert tuple(by_name) == COLUMNS
    assert str(by_name["genres"]) == "genres: 2 of 3 movies, 2 values"
    assert str(by_name["certificate"]) == "certificate: 0 of 3 movies, 0 values"
    assert by_name["genres"].known.tolist() == [True, True, False]


def test_values_are_columns(by_name: dict[str, Feature]) -> None:
    assert by_name["genres"].values == ["Drama", "Sci-Fi"]
    assert by_name["genres"].matrix.toarray().tolist() == [[1, 1], [0, 1], [0, 0]]
    assert by_name["decade"].values == ["1970s"]
    assert by_name["runtime"].values == ["150 min and more", "80 to 99 min"]


def test_values_of_one_movie_alone_are_left_out(by_name: dict[str, Feature]) -> None:
    assert shared_values(list(by_name.values()), 3).toarray().tolist() == [
        [1, 1],
        [1, 1],
        [0, 0],
    ]  # Sci-Fi and the 1970s
    assert shared_values([], 3).shape == (3, 0)


def test_bare_ratings_have_no_features() -> None:
    bare = features(Catalog.from_frame(pl.DataFrame({"movie_id": [1, 2]})))
    assert [feature.known.sum() for feature in bare] == [0] * len(COLUMNS)
    assert shared_values(bare, 2).shape == (2, 0)


def test_sentences_leave_out_what_is_missing(catalog: Catalog) -> None:
    assert sentences(catalog) == [
        "Solaris (1972). Drama, Sci-Fi. With A, B",
        "Stalker (1979). Sci-Fi. Directed by T. Tagged slow",
        "飲食男女 🍜",
    ]


def test_a_hundred_thousand_characters_are_cut() -> None:
    long = Catalog.from_frame(pl.DataFrame({"movie_id": [1], "title": ["x" * 100_000]}))
    assert [len(text) for text in sentences(long)] == [LONGEST]
