"""Movies as pages show them."""

from __future__ import annotations

import pytest

from app import movies
from app.resources import House


def test_a_movie_knows_its_facts(opened: House) -> None:
    alien = movies.by_id(1214)
    assert alien is not None
    assert alien.label == "Alien (1979)"
    assert alien.directors == ("Ridley Scott",)
    assert movies.by_item(alien.item) == alien


def test_missing_facts_are_empty(opened: House) -> None:
    mononoke = movies.by_id(3000)
    assert mononoke is not None
    assert mononoke.title == "Princess Mononoke"
    assert mononoke.directors == ()
    assert mononoke.runtime_minutes is None


@pytest.mark.parametrize("text", [None, "", "abc", "-1", "1.5", "٣", "9" * 30, "999999"])
def test_an_address_that_names_none(opened: House, text: str | None) -> None:
    assert movies.from_address(text) is None
