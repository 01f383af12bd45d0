"""Films for movies: a wrong film is worse than none."""

from __future__ import annotations

import pytest

from recommender.data.matching import Entry, agree, match


def film(title: str, year: int | None, *genres: str) -> Entry:
    return Entry(title, year, frozenset(genres))


@pytest.mark.parametrize(
    ("movie", "candidate"),
    [
        (film("Matrix, The", 1999), film("The Matrix", 1999)),
        (film("Matrix, The", 1999), film("Matrix", 1999)),
        (film("Rocky II", 1979), film("Rocky 2", 1979)),
        (film("Thesis (Tesis)", 1996, "Thriller"), film("Tesis", 1996, "Thriller", "Drama")),
        (film("Saw", 2004, "Horror"), film("Saw", 2003, "Horror", "Crime")),
        (film("Koyaanisqatsi", 1983, "Documentary"), film("Koyaanisqatsi", 1982, "Documentary")),
    ],
)
def test_found(movie: Entry, candidate: Entry) -> None:
    other = film("Something Else", movie.year, *movie.genres)
    assert match([movie], [other, candidate]) == [1]


@pytest.mark.parametrize(
    ("movie", "candidates"),
    [
        pytest.param(film("Solaris", 2002), [film("Solaris", 1972)], id="thirty years apart"),
        pytest.param(film("Crash", 2004, "Crime"), [film("Crash", 2005, "Romance")], id="a year off, other genres"),
        pytest.param(
            film("Ghost in the Shell 2 (Innocence)", 2004, "Animation", "Sci-Fi"),
            [film("Innocence", 2004, "Mystery")],
            id="an alternative title, other genres",
        ),
        pytest.param(film("Hamlet", 1990), [film("Hamlet", 1990), film("Hamlet", 1990)], id="twins"),
        pytest.param(film("Undated", None), [film("Undated", 1990)], id="no year"),
        pytest.param(film("Undated", 1990), [film("Undated", None)], id="a film without a year"),
        pytest.param(film("", 1990), [film("", 1990)], id="no title"),
    ],
)
def test_none_is_better_than_a_wrong_one(movie: Entry, candidates: list[Entry]) -> None:
    assert match([movie], candidates) == [None]


def test_genres_decide_between_two() -> None:
    films = [film("Crash", 1996, "Romance"), film("Crash", 1996, "Crime")]
    assert match([film("Crash", 1996, "Crime", "Drama")], films) == [1]


def test_a_film_is_given_once_and_on_the_safest_road() -> None:
    movies = [film("Sisters", 1973, "Horror"), film("Sisters", 1972, "Horror")]
    assert match(movies, [film("Sisters", 1972, "Horror")]) == [None, 0]
    twins = [film("Sisters", 1972, "Horror")] * 2
    assert match(twins, [film("Sisters", 1972, "Horror")]) == [None, None]


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ({"Children"}, {"Family"}, True),
        ({"Film-Noir"}, {"Crime"}, True),
        ({"Drama"}, {"Drama"}, True),
        ({"Drama", "Horror"}, {"Drama", "War"}, False),
        ({"Drama", "Horror"}, {"Drama"}, True),
        ({"Comedy"}, {"Drama"}, False),
        (set(), {"Drama"}, False),
    ],
)
def test_genres_agree(ours: set[str], theirs: set[str], same: bool) -> None:
    assert agree(ours, theirs) is same
