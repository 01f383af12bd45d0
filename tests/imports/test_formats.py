"""Every format that people bring, with the ways in which such files are odd."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.imports import Import, SeveralPeople, Unmatched
from db.ratings import Entry
from tests.imports.conftest import NOW

Reading = Callable[..., Import]
DAY = 86_400
NEW_YEAR_2023 = 1_672_531_200


def test_grouplens(reading: Reading) -> None:
    found = reading("userId,movieId,rating,timestamp\n7,2571,4.5,200\n7,1,0.5,100\n7,999,3,300\n")
    assert found.source == "GroupLens"
    assert found.entries == [Entry(1, 0.5, 100), Entry(2571, 4.5, 200)]
    assert found.unmatched == (Unmatched(4, "movie 999", "not in this catalogue"),)


def test_columns_of_the_command_line_and_no_times(reading: Reading) -> None:
    assert reading("user_id,movie_id,rating\n7,1,4\n").entries == [Entry(1, 4, NOW)]


def test_a_file_of_many_people_asks_who(reading: Reading) -> None:
    text = "userId,movieId,rating,timestamp\n7,1,4,100\n8,1,2,100\n8,2571,3,100\n"
    with pytest.raises(SeveralPeople, match="ratings of 2 people") as caught:
        reading(text)
    assert caught.value.people == {"7": 1, "8": 2}
    assert reading(text, user="8").entries == [Entry(1, 2, 100), Entry(2571, 3, 100)]


def test_letterboxd_by_title_and_year(reading: Reading) -> None:
    found = reading(
        "Date,Name,Year,Letterboxd URI,Rating\n"
        "2023-01-01,The Matrix,1999,https://boxd.it/2a1m,4.5\n"
        "2023-01-02,Se7en,1995,https://boxd.it/1,5\n"
        "2023-01-02,Amelie,2002,https://boxd.it/2,3\n"
        "2023-01-03,Hamlet,2000,https://boxd.it/3,2\n"
        '2023-01-03,"Unseen, The",2019,https://boxd.it/4,2\n'
        "2023-01-04,Toy Story,1995,https://boxd.it/5,\n"
    )
    assert found.source == "Letterboxd"
    assert found.entries == [
        Entry(2571, 4.5, NEW_YEAR_2023),
        Entry(348, 5, NEW_YEAR_2023 + DAY),
        Entry(10, 3, NEW_YEAR_2023 + DAY),
    ]
    assert [(row.label, row.reason) for row in found.unmatched] == [
        ("Hamlet (2000)", "several movies are called so"),
        ("Unseen, The (2019)", "not in this catalogue"),
        ("Toy Story (1995)", "no rating in this row"),
    ]


def test_imdb_by_id_halved(reading: Reading) -> None:
    found = reading(
        "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres\n"
        "tt0133093,9,2023-01-01,Matrix,The Matrix,https://www.imdb.com/title/tt0133093,Movie,8.7,136,1999,Action\n"
        "tt9999999,7,2023-01-02,Solaris,Solyaris,https://x,Movie,7.9,167,1972,Drama\n"
        "tt0903747,10,2023-01-02,Breaking Bad,Breaking Bad,https://x,TV Series,9.5,45,2008,Crime\n"
    )
    assert found.source == "IMDb"
    assert [(row.entry.movie_id, row.entry.stars, row.by) for row in found.matched] == [
        (2571, 4.5, "IMDb id"),
        (200, 3.5, "title"),
    ]
    assert [row.label for row in found.unmatched] == ["Breaking Bad (2008)"]


def test_years_apart_decide_between_films_of_one_name(reading: Reading) -> None:
    head = "Name,Year,Rating\n"
    assert reading(head + "Solaris,2003,4\n").entries == [Entry(201, 4, NOW)]
    assert reading(head + "Solaris,1985,4\n").unmatched[0].reason == "not in this catalogue"
    assert reading(head + "Solaris,,4\n").unmatched[0].reason == "several movies are called so"


def test_a_movie_rated_twice_counts_once_by_its_later_rating(reading: Reading) -> None:
    found = reading("userId,movieId,rating,timestamp\n1,1,5,300\n1,1,2,100\n1,2571,1,50\n1,2571,3,50\n")
    assert found.entries == [Entry(2571, 3, 50), Entry(1, 5, 300)]
    assert [(row.line, row.reason) for row in found.unmatched] == [
        (3, "rated twice; the later rating counts"),
        (4, "rated twice; the later rating counts"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings(reading: Reading, encoding: str) -> None:
    assert reading("Name,Year,Rating\nAmélie,2001,4\n".encode(encoding)).entries == [Entry(10, 4, NOW)]


@pytest.mark.parametrize(("delimiter", "half"), [(",", "3.5"), (";", "3,5"), ("\t", "3.5")])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_what_spreadsheets_make_of_it(reading: Reading, delimiter: str, half: str, end: str) -> None:
    lines = [["MOVIE_ID", " Rating "], ["1", half], ["", ""]]
    assert reading(end.join(delimiter.join(line) for line in lines)).entries == [Entry(1, 3.5, NOW)]
