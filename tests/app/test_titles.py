"""Finding a movie by what one remembers of it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from app.titles import Filter, TitleIndex, key
from recommender.data import Catalog, Interactions
from recommender.data.dataset import Dataset

MOVIES = [
    ("The Matrix", 1999, ["Action", "Sci-Fi"], ["Lana Wachowski"], ["Keanu Reeves"]),
    ("The Matrix Reloaded", 2003, ["Action"], ["Lana Wachowski"], ["Keanu Reeves"]),
    ("Alien", 1979, ["Horror", "Sci-Fi"], ["Ridley Scott"], ["Sigourney Weaver"]),
    ("Aliens", 1986, ["Action", "Sci-Fi"], ["James Cameron"], ["Sigourney Weaver"]),
    ("Amélie", 2001, ["Romance"], ["Jean-Pierre Jeunet"], ["Audrey Tautou"]),
    ("The Lord of the Rings: The Two Towers", 2002, ["Fantasy"], ["Peter Jackson"], None),
    ("2001: A Space Odyssey", 1968, ["Sci-Fi"], ["Stanley Kubrick"], None),
    ("The The", None, None, None, None),
]
NAMES = [movie[0] for movie in MOVIES]


@pytest.fixture(scope="module")
def index() -> TitleIndex:
    title, year, genres, directors, cast = zip(*MOVIES, strict=True)
    frame = pl.DataFrame(
        {
            "movie_id": range(10, 10 + len(MOVIES)),
            "title": title,
            "year": year,
            "genres": genres,
            "directors": directors,
            "cast": cast,
            "alternative_titles": [
                ["Le Fabuleux destin d'Amélie Poulain"] if name == "Amélie" else [] for name in title
            ],
        }
    )
    watched = np.repeat(np.arange(len(MOVIES)), [5, 2, 9, 4, 3, 1, 2, 0])
    interactions = Interactions.from_columns(np.arange(len(watched)), watched, np.full(len(watched), 4.0), watched)
    return TitleIndex(Dataset("small", Catalog.from_frame(frame), interactions))


def found(index: TitleIndex, text: str = "", **only: object) -> list[str]:
    return [
        NAMES[item] for item in index.search(text, Filter(**{name: frozenset(value) for name, value in only.items()}))
    ]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("matrix", "The Matrix"),
        ("Matrix, The", "The Matrix"),
        ("the matrx", "The Matrix"),
        ("matrix reloded", "The Matrix Reloaded"),
        ("AMELIE", "Amélie"),
        ("fabuleux destin", "Amélie"),
        ("lord rings", "The Lord of the Rings: The Two Towers"),
        ("aliens", "Aliens"),
        ("alien 1986", "Aliens"),
        ("2001", "2001: A Space Odyssey"),
        ("space oddysey", "2001: A Space Odyssey"),
        ("the the", "The The"),
        ("matrix reloaded the", "The Matrix Reloaded"),
        ("matrx 2003", "The Matrix Reloaded"),
    ],
)
def test_the_movie_meant_comes_first(index: TitleIndex, text: str, first: str) -> None:
    assert found(index, text)[0] == first


def test_nonsense_finds_nothing(index: TitleIndex) -> None:
    assert found(index, "xqzwv") == []


@pytest.mark.parametrize("text", ["", "   ", "!?", "<>"])
def test_no_words_show_everything_the_most_rated_first(index: TitleIndex, text: str) -> None:
    assert found(index, text)[:3] == ["Alien", "The Matrix", "Aliens"]
    assert len(found(index, text)) == len(MOVIES)


def test_filters_narrow_together(index: TitleIndex) -> None:
    assert found(index, genres=["Horror", "Romance"]) == ["Alien", "Amélie"]
    assert found(index, decades=[1980]) == ["Aliens"]
    assert found(index, people=["Sigourney Weaver"], genres=["Action"]) == ["Aliens"]
    assert found(index, people=["Sigourney Weaver", "James Cameron"]) == ["Aliens"]
    assert found(index, "matrix", decades=[1970]) == []


def test_a_person_may_be_misspelt(index: TitleIndex) -> None:
    assert found(index, people=["sigourny weaver"]) == ["Alien", "Aliens"]
    assert found(index, people=["nobody at all here"]) == []


def test_a_name_in_the_search_field_finds_their_movies(index: TitleIndex) -> None:
    assert found(index, "sigourney weaver") == ["Alien", "Aliens"]
    assert found(index, "weaver") == ["Alien", "Aliens"]
    assert found(index, "kubrik") == ["2001: A Space Odyssey"]


def test_choices_come_from_the_catalogue(index: TitleIndex) -> None:
    assert index.decades == [2000, 1990, 1980, 1970, 1960]
    assert "Horror" in index.genres
    assert "Keanu Reeves" in index.people


def test_key_forgets_what_people_forget() -> None:
    assert key("Matrix, The") == key("The Matrix") == key("  the MATRIX!")
    assert key("It's") == "its"
    assert key("The The") == "the the"
