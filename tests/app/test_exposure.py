"""Exposure: every position is recorded once, when it has come into view; what the visitor does to a movie is told of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app.components.poster_grid import Event
from app.resources import House
from db import DatabaseError, impressions, ratings, skips
from db.impressions import Impression
from tests.app.conftest import TOKEN

View = Callable[..., AppTest]
RATED = (1200, 589, 541)


@pytest.fixture
def rated(opened: House, me: int) -> None:
    """Three ratings of the visitor."""
    with opened.database.session() as rows:
        for movie_id in RATED:
            ratings.put(rows, me, movie_id, 4.5)


def shown(opened: House, me: int) -> list[Impression]:
    """All that was recorded."""
    with opened.database.reading() as rows:
        return impressions.of(rows, me)


def test_each_position_is_recorded_once_as_it_comes_into_view(view: View, rated: None, opened: House, me: int) -> None:
    page = view("for_you")
    assert [one.position for one in shown(opened, me)] == list(range(1, 25))
    page.run()
    assert len(shown(opened, me)) == 24
    page.button(key="more").click().run()
    assert [one.position for one in shown(opened, me)] == list(range(1, 49))
    assert len({one.movie_id for one in shown(opened, me)}) == 48


def test_another_list_is_recorded_from_its_first_position(view: View, rated: None, opened: House, me: int) -> None:
    page = view("for_you")
    page.query_params["model"] = "markov"
    page.run()
    assert [one.position for one in shown(opened, me)] == [*range(1, 25)] * 2
    assert len({one.list_id for one in shown(opened, me)}) == 2


def test_nobody_is_shown_anything(view: View, opened: House) -> None:
    view("for_you")
    with opened.database.reading() as rows:
        assert rows.query(Impression).count() == 0


@pytest.fixture
def do(opened: House, monkeypatch: pytest.MonkeyPatch) -> Callable[[Event], str | None]:
    """Answers one event as between two runs of a page; gives back the trouble that the visitor is told of."""
    monkeypatch.setattr("app.visitor.token", lambda: TOKEN)

    def answered(event: Event) -> str | None:
        def script(event: tuple) -> None:
            import streamlit as st

            from app import exposure, session
            from app.components.poster_grid import Event

            exposure.answer(Event(*event))
            st.session_state["said"] = session.take_trouble()

        test = AppTest.from_function(
            script, kwargs={"event": (event.kind, event.movie_id, event.stars)}, default_timeout=30
        ).run()
        assert not test.exception
        trouble: str | None = test.session_state["said"]
        return trouble

    return answered


@pytest.fixture
def on_show(opened: House, me: int) -> tuple[int, int]:
    """Two movies that the visitor was shown."""
    with opened.database.session() as rows:
        impressions.record(rows, me, "ease", "v1", "for_you", [1200, 589])
    return 1200, 589


def test_stars_are_stored_and_told_of_the_movie_that_was_shown(
    do: Callable[[Event], str | None], on_show: tuple[int, int], opened: House, me: int
) -> None:
    assert do(Event("rate", 589, 3.5)) is None
    with opened.database.reading() as rows:
        assert [(one.movie_id, one.stars) for one in ratings.of(rows, me)] == [(589, 3.5)]
    assert [(one.outcome, one.stars) for one in shown(opened, me)] == [(None, None), ("rated", 3.5)]


def test_taking_stars_away_is_no_outcome(
    do: Callable[[Event], str | None], on_show: tuple[int, int], opened: House, me: int
) -> None:
    do(Event("rate", 1200, 4.0))
    do(Event("rate", 1200, None))
    with opened.database.reading() as rows:
        assert ratings.of(rows, me) == []
    assert shown(opened, me)[0].stars == 4.0


def test_a_skip_is_kept_and_told(
    do: Callable[[Event], str | None], on_show: tuple[int, int], opened: House, me: int
) -> None:
    do(Event("skip", 1200))
    with opened.database.reading() as rows:
        assert skips.of(rows, me) == {1200}
    assert shown(opened, me)[0].outcome == "skipped"


def test_opening_a_movie_is_told(
    do: Callable[[Event], str | None], on_show: tuple[int, int], opened: House, me: int
) -> None:
    do(Event("open", 1200))
    assert shown(opened, me)[0].outcome == "opened"


def test_a_first_rating_makes_the_visitor_somebody(do: Callable[[Event], str | None], opened: House) -> None:
    do(Event("open", 1200))
    do(Event("rate", 1200, 5.0))
    with opened.database.reading() as rows:
        assert next(ratings.everyone(rows))[1:3] == (1200, 5.0)


def test_what_cannot_be_stored_is_told_in_its_sentence(
    do: Callable[[Event], str | None], me: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DatabaseError("The disk is full; make room.")

    monkeypatch.setattr("app.visitor.rate", full)
    assert do(Event("rate", 1200, 5.0)) == "The disk is full; make room."
