"""For you: the sentence and its numbers, ranks against the list before, and a model that fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.resources import House
from app.session import Shown
from app.views import for_you
from db import ratings
from recommender.serving.answers import Answer, Person

View = Callable[..., AppTest]
RATED = (1200, 589, 541, 1240)


@pytest.fixture
def rated(opened: House, me: int) -> None:
    """Three ratings of the visitor."""
    with opened.database.session() as rows:
        for movie_id in RATED[:3]:
            ratings.put(rows, me, movie_id, 4.5)


def cards(page: AppTest) -> list[dict[str, Any]]:
    """The posters of the page's list."""
    data = [json.loads(part.proto.json) for part in page.get("bidi_component") if part.proto.json]
    return next(one["cards"] for one in data if "cards" in one)


def said(page: AppTest) -> str:
    """The sentence below the title."""
    return str(page.markdown[0].value)


def go(page: AppTest, model: str) -> AppTest:
    """Switch the model."""
    page.query_params["model"] = model
    return page.run()


def test_the_first_list_is_compared_with_nothing(view: View, rated: None) -> None:
    page = view("for_you")
    assert not page.exception
    assert page.title[0].value == "EASE thinks you should watch these tonight"
    assert said(page).startswith("It reads your 3 ratings. **")
    assert " ms**" in said(page)
    assert [card["rank"] for card in cards(page)] == list(range(1, 25))
    assert {card["change"] for card in cards(page)} == {None}
    assert not page.expander


def test_a_switch_tells_what_is_new_and_how_each_rank_moved(view: View, rated: None) -> None:
    page = view("for_you")
    before = {card["movie_id"]: card["rank"] for card in cards(page)}
    page = go(page, "markov")
    assert not page.exception
    assert "It reads your last 3 ratings in order." in said(page)
    now = cards(page)
    fresh = sum(before.get(card["movie_id"], 99) > for_you.COMPARED for card in now[: for_you.COMPARED])
    assert f"**{fresh} of 20** are new against EASE · overlap **{5 * (20 - fresh)} %**" in said(page)
    assert {card["movie_id"] for card in now} != set(before)
    for card in now:
        if card["movie_id"] in before:
            assert card["change"] == before[card["movie_id"]] - card["rank"]
        else:
            assert card["change"] == "new" or card["rank"] + card["change"] > 24  # it stood further down
    assert page.expander[0].label == f"{fresh} entered, {fresh} left the first 20"


def test_a_rating_tells_what_it_changed(view: View, rated: None, opened: House, me: int) -> None:
    page = view("for_you")
    with opened.database.session() as rows:
        ratings.put(rows, me, RATED[3], 0.5)
    page.run()
    assert "are new since your last rating" in said(page)


def test_a_list_for_everybody_says_so(view: View, rated: None) -> None:
    assert "shows everybody the same list" in said(view("for_you", model="popularity"))


def test_more_lengthens_the_list_and_keeps_the_comparison(view: View, rated: None) -> None:
    page = go(view("for_you"), "markov")
    before = said(page)
    page.button(key="more").click().run()
    assert len(cards(page)) == 48
    assert said(page).rpartition("·")[0] == before.rpartition("·")[0]


def test_a_model_that_fails_leaves_the_page_and_the_others_alive(
    view: View, rated: None, opened: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ease = next(model for model in opened.engine.served() if model.card.slug == "ease")

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(ease.model, "score", fail)
    page = view("for_you")
    assert not page.exception
    assert page.info[0].value == "EASE could not answer just now. Choose another model above."
    page = go(page, "markov")
    assert not page.exception
    assert page.title[0].value.startswith("Markov")
    assert len(cards(page)) == 24


def person(count: int) -> Person:
    """Somebody with so many ratings."""
    return Person(np.arange(count, dtype=np.int32), np.full(count, 4, np.float32), np.arange(count), f"of {count}")


def answer(slug: str, items: range, fallback: str | None = None, milliseconds: float = 2.6) -> Answer:
    """A list."""
    return Answer(slug, "v1", np.array(items, np.int32), np.zeros(len(items), np.float32), milliseconds, fallback)


def test_the_numbers_of_the_sentence(opened: House) -> None:
    ease, served = opened.cards["ease"], dict(opened.cards)
    before = Shown("markov", "of 9", tuple(range(105, 205)))
    text = for_you.sentence(ease, answer("ease", range(100, 200)), person(9), tuple(range(100, 200)), before, served)
    assert text == "It reads your 9 ratings. **5 of 20** are new against Markov · overlap **75 %** · **3 ms**"


def test_a_fallback_gives_its_reason(opened: House) -> None:
    fell = answer("ease", range(9), "two ratings are too few for this model", milliseconds=0.2)
    text = for_you.sentence(opened.cards["ease"], fell, person(2), tuple(range(9)), None, dict(opened.cards))
    assert text == ("This is what everybody likes, for now: two ratings are too few for this model. **under 1 ms**")


def test_a_model_that_is_gone_is_called_by_its_slug(opened: House) -> None:
    assert for_you.name("ease", dict(opened.cards)) == "EASE"
    assert for_you.name("gone", dict(opened.cards)) == "gone"
