"""The switch "Explore": what it changes of the list, what it leaves alone, and what is kept of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import exploration
from app.components.explore_switch import sentence
from app.exploration import FIRST, Explored, places
from app.resources import House
from db import impressions, ratings
from recommender.serving.answers import Answer

View = Callable[..., AppTest]
RATED = (1200, 589, 541)


@pytest.fixture
def rated(opened: House, me: int) -> None:
    """Three ratings of the visitor."""
    with opened.database.session() as rows:
        for movie_id in RATED:
            ratings.put(rows, me, movie_id, 4.5)


def cards(page: AppTest) -> list[dict[str, Any]]:
    """The posters of the page's list."""
    assert not page.exception
    data = [json.loads(part.proto.json) for part in page.get("bidi_component") if part.proto.json]
    return next(one["cards"] for one in data if "cards" in one)


def ids(page: AppTest) -> list[int]:
    """The movies of the list, in order."""
    return [card["movie_id"] for card in cards(page)]


def test_the_first_places_stay_and_what_is_curious_is_marked_and_says_why(view: View, rated: None) -> None:
    before = view("for_you")
    page = view("for_you", explore="true")
    assert page.toggle(key="explore").value
    marked = [place for place, card in enumerate(cards(page)) if card["mark"]]
    assert set(marked) <= places(24)
    assert marked, "with the embedded data and three ratings something is curious among 24"
    assert ids(page)[:FIRST] == ids(before)[:FIRST]
    for place, card in enumerate(cards(page)):
        assert card["mark"] == ("explore" if place in marked else None)
        assert (card["reason"] == "uncertain about this one") is (place in marked)
    curious = sum(place < 10 for place in marked)
    assert page.caption[0].value.startswith("At most **3 of the first 10** are curious, never the first 3; now **")
    assert (f"now **{curious}**." if curious else "now **none**, since") in page.caption[0].value
    assert not any(card["mark"] for card in cards(before))


@pytest.mark.parametrize(
    ("curious", "told"), [({3}, "now **1**."), (set(), "now **none**, since curiosity would show you the same.")]
)
def test_how_many_are_curious_is_told_and_why_when_none_is(curious: set[int], told: str) -> None:
    answer = Answer("ease", "1", np.arange(20, dtype=np.int32), np.zeros(20, np.float32), 1.0, None)
    assert told in sentence(Explored(answer, "thompson", {3: 0.5}, frozenset(curious), estimated=False))


def test_the_list_stands_still_until_somebody_rates_and_is_the_same_after_a_restart(
    view: View, rated: None, opened: House, me: int
) -> None:
    page = view("for_you", explore="true")
    before = ids(page)
    assert ids(page.run()) == before
    exploration._explored._known.clear()  # as after a restart
    assert ids(view("for_you", explore="true")) == before
    with opened.database.session() as rows:
        ratings.put(rows, me, before[3], 1.0)
    assert ids(page.run()) != before


def test_what_was_left_to_curiosity_is_kept_with_its_chance(view: View, rated: None, opened: House, me: int) -> None:
    page = view("for_you", explore="true", explore_by="Epsilon-greedy")
    with opened.database.reading() as rows:
        kept = impressions.of(rows, me)
        trials = impressions.trials(rows, 10)
    assert [one.movie_id for one in kept] == ids(page)
    assert {place for place, one in enumerate(kept) if one.propensity is not None} == places(24)
    assert all(one.policy == "epsilon" and one.model == "ease" for one in trials)
    marked = {card["movie_id"] for card in cards(page) if card["mark"]}
    for one in trials:  # ε = .1 over what is left of 200
        left = 200 - len(one.above)
        assert one.propensity == pytest.approx(0.1 / left + (0 if one.movie_id in marked else 0.9))


def test_switched_off_nothing_is_kept_of_a_policy(view: View, rated: None, opened: House, me: int) -> None:
    view("for_you")
    with opened.database.reading() as rows:
        assert impressions.trials(rows, 10) == []
        assert all(one.propensity is None for one in impressions.of(rows, me))


@pytest.mark.parametrize("model", ["popularity", "markov"])
@pytest.mark.parametrize("policy", ["LinUCB", "Thompson sampling"])
def test_any_model_and_any_policy(view: View, rated: None, model: str, policy: str) -> None:
    page = view("for_you", explore="true", explore_by=policy, model=model)
    assert len(set(ids(page))) == 24
    assert page.caption[0].value.endswith("are exact." if policy == "LinUCB" else "are estimates.")


def test_a_policy_that_nobody_knows_is_the_default(view: View, rated: None) -> None:
    assert "Draws one of the tastes" in view("for_you", explore="true", explore_by="nonsense").caption[0].value
