"""Titles taken apart, and the keys by which they are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.data.titles import Title, article_first, keys, normalise, parse


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("Matrix, The (1999)", Title("The Matrix", (), 1999)),
        ("Haine, La (Hate) (1995)", Title("La Haine", ("Hate",), 1995)),
        ("Avventura, L' (Adventure, The) (1960)", Title("L'Avventura", ("The Adventure",), 1960)),
        ("Seven (a.k.a. Se7en) (1995)", Title("Seven", ("Se7en",), 1995)),
        (
            "3 Extremes (Three... Extremes) (Saam gaang yi) (2004)",
            Title("3 Extremes", ("Three... Extremes", "Saam gaang yi"), 2004),
        ),
        ("Toy Story", Title("Toy Story", (), None)),
        ("2001: A Space Odyssey (1968)", Title("2001: A Space Odyssey", (), 1968)),
        ("1984 (1956)", Title("1984", (), 1956)),
        ("Fawlty Towers (1975-1979)", Title("Fawlty Towers", (), 1975)),
        ("  Two   spaces (1990) ", Title("Two spaces", (), 1990)),
        ("(500) Days of Summer (2009)", Title("(500) Days of Summer", (), 2009)),
        ("Good, the Bad and the Ugly, The (1966)", Title("The Good, the Bad and the Ugly", (), 1966)),
        ("", Title("", (), None)),
    ],
)
def test_parse(raw: str, title: Title) -> None:
    assert parse(raw) == title


@pytest.mark.parametrize("title", ["Me, Myself & Irene", "Yes, Prime Minister", "Hello, Dolly!"])
def test_a_comma_is_not_an_inversion(title: str) -> None:
    assert article_first(title) == title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amélie", "AMELIE"),
        ("Rocky II", "Rocky 2"),
        ("Twelve Monkeys", "12 Monkeys"),
        ("Town & Country", "Town and Country"),
        ("Ocean's Eleven", "Oceans 11"),
        ("M*A*S*H", "m a s h"),
        ("S.W.A.T.", "SWAT"),
        ("Rock 'N' Roll", "Rock n Roll"),
    ],
)
def test_one_key(one: str, other: str) -> None:
    assert normalise(one) == normalise(other) != ""


def test_the_leading_article_may_be_left_out() -> None:
    assert keys("The Matrix") == ("the matrix", "matrix")
    assert keys("Matrix") == ("matrix",)
    assert keys("!!!") == ()
    assert normalise("千と千尋") == "千と千尋"


@given(st.text())
def test_any_text_can_be_parsed(raw: str) -> None:
    title = parse(raw)
    assert all(title.alternatives)
    assert normalise(normalise(raw)) == normalise(raw)
