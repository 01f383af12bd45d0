"""Movie: facts, ranks, neighbours; and addresses that name none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app.resources import House
from db import ratings

View = Callable[..., AppTest]
ALIEN, ALIENS = "1214", 1200


def test_facts_ranks_and_neighbours(view: View, opened: House, me: int) -> None:
    with opened.database.session() as rows:
        for movie_id in (ALIENS, 589, 541):
            ratings.put(rows, me, movie_id, 5)
    page = view("movie", movie=ALIEN)
    assert not page.exception
    said = "\n".join(part.value for part in page.markdown)
    assert "Alien" in page.title[0].value
    assert "1979" in said
    assert "Ridley Scott" in said
    assert "For EASE these ratings of yours speak for it most: \u2068Aliens\u2069 (5 ★)" in said
    assert [part.value for part in page.subheader] == [
        "Where each model ranks it for you",
        "Similar, says EASE",
        "Similar, say the others",
    ]
    assert page.get("vega_lite_chart")


@pytest.mark.parametrize("asked", ["999999", "x", "-1", "<script>", "1" * 50, "١"])
def test_an_address_that_names_no_movie_is_told_so_in_one_sentence(view: View, asked: str) -> None:
    page = view("movie", movie=asked)
    assert not page.exception
    assert "There is no movie" in page.info[0].value
    assert "<script>" not in page.info[0].value.replace("\\<", "")
