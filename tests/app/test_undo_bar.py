"""The bar that offers to undo: it stays where the rating was given, and takes back just that."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.resources import House
from db import ratings
from tests.app.conftest import TOKEN

ALIENS = 1200


@pytest.fixture
def page(opened: House, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """A page with the bar at the place in its state, right after what its state says was rated."""
    monkeypatch.setattr("app.visitor.token", lambda: TOKEN)

    def script() -> None:
        import streamlit as st

        from app import exposure, session
        from app.components import undo_bar

        session.settle_model(["ease"], ["ease"])
        if (rated := st.session_state.pop("rate", None)) is not None:
            exposure.rated(*rated)
        undo_bar.render(st.session_state["place"])

    test = AppTest.from_function(script, default_timeout=30)
    test.session_state["place"] = "for_you/ease"
    return test


def rate(page: AppTest, stars: float | None) -> str:
    """Rate Aliens; what the bar says."""
    page.session_state["rate"] = ALIENS, stars
    page.run()
    assert not page.exception
    return str(page.markdown[0].value)


def test_without_a_rating_there_is_no_bar(page: AppTest) -> None:
    assert not page.run().button


def test_it_names_what_was_given_and_takes_it_back(page: AppTest, opened: House, me: int) -> None:
    assert rate(page, 3.5) == "**3.5 ★** for \u2068Aliens\u2069"
    assert rate(page, None) == "Stars taken from \u2068Aliens\u2069"
    page.button(key="undo_rating").click().run()
    with opened.database.reading() as rows:
        assert [(one.movie_id, one.stars) for one in ratings.of(rows, me)] == [(ALIENS, 3.5)]
    assert not page.button


def test_it_stays_at_its_place_and_is_gone_elsewhere(page: AppTest) -> None:
    rate(page, 4.0)
    assert page.run().button
    page.session_state["place"] = "for_you/markov"
    assert not page.run().button
    page.session_state["place"] = "for_you/ease"
    assert not page.run().button
