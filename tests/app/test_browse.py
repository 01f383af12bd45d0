"""Browse: search and filters, also from the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app.views.browse import sentence

View = Callable[..., AppTest]


def test_everything_the_most_rated_first(view: View) -> None:
    page = view("browse")
    assert not page.exception
    assert any("**9,066** movies, the most rated first" in part.value for part in page.markdown)


def test_a_typo_still_finds(view: View) -> None:
    page = view("browse")
    page.text_input(key="search").set_value("the matrx").run()
    assert any("sound like “the matrx”" in part.value for part in page.markdown)


def test_nothing_found_leads_on(view: View) -> None:
    page = view("browse")
    page.text_input(key="search").set_value("xqzwv <b>").run()
    assert any("Nothing found for “xqzwv \\<b\\>”" in part.value for part in page.markdown)
    page.button(key="reset").click().run()
    assert any("**9,066** movies" in part.value for part in page.markdown)


def test_filters_narrow(view: View) -> None:
    page = view("browse")
    page.multiselect(key="genres").set_value(["Film-Noir"]).run()
    assert not any("9,066" in part.value for part in page.markdown)


@pytest.mark.parametrize(
    ("count", "text", "filtered", "said"),
    [
        (1, "alien", False, "**1** movie sound"),
        (0, "", True, "Nothing found with these filters."),
        (0, "x", False, "Nothing found for “x”."),
    ],
)
def test_sentence(count: int, text: str, filtered: bool, said: str) -> None:
    assert said in sentence(count, text, filtered)
