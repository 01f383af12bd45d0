"""Cascade: the funnel's numbers, a movie's fate, choices in the address, a plan that makes no sense, nobody yet."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import cascade
from app.components import cascade_funnel
from app.resources import House
from app.views.cascade import large
from db import ratings
from recommender.serving.answers import Person
from recommender.serving.cascade.outcome import Brought, Outcome, Passed
from recommender.serving.cascade.plan import DEFAULT

View = Callable[..., AppTest]


@pytest.fixture
def patient(opened: House) -> None:
    """A plan under which nobody is late, however busy the machine."""
    text = DEFAULT.read_text(encoding="utf-8")
    for deadline in ("400", "100"):
        text = text.replace(f"deadline = {deadline}\n", "deadline = 60000\n")
    (opened.settings.home / cascade.FILE).write_text(text, encoding="utf-8")


@pytest.fixture
def rated(opened: House, me: int, patient: None) -> None:
    """Three ratings of the visitor: science fiction."""
    with opened.database.session() as rows:
        for movie_id in (1200, 589, 541):
            ratings.put(rows, me, movie_id, 4.5)


def drawn(page: AppTest) -> dict[str, Any]:
    """What the funnel was given."""
    data = [json.loads(part.proto.json) for part in page.get("bidi_component") if part.proto.json]
    return next(one for one in data if "bars" in one)


def test_the_funnel_has_this_visitors_numbers(view: View, rated: None) -> None:
    """Sources that are not trained are left out and named; EASE stands in as ranker, since nobody better is ready."""
    page = view("cascade")
    assert not page.exception
    funnel = drawn(page)
    assert [bar["title"] for bar in funnel["bars"]] == [
        *("Not rated by you", "Brought", "Different ones", "Ranked", "Freshened", "Calibrated"),
    ]
    counts = [bar["count"] for bar in funnel["bars"]]
    assert counts[0] == 9063
    assert counts[3:] == [60, 40, 10]
    assert all(sum(bar["parts"]) == bar["count"] for bar in funnel["bars"][1:])
    left_out = {source["name"]: source["note"] for source in funnel["sources"] if source["left_out"]}
    assert left_out == {"TwoTower": "left out: it is not trained yet", "SASRec": "left out: it is not trained yet"}
    assert "DCN-V2 is not trained yet" in funnel["bars"][3]["note"]
    assert page.title[0].value == "From 9,063 movies to 10"
    assert "HSTU is not trained yet" in page.info[0].value


def test_a_movie_of_the_address_is_followed(view: View, rated: None) -> None:
    """One that EASE brought and the ranking lost or kept, one that nobody brought, one that was rated."""
    fate = {
        movie: "".join(text for text, _ in drawn(view("cascade", movie=movie))["fate"])
        for movie in ("1196", "2", "1200")
    }
    assert fate["1196"].startswith("Star Wars: Episode V")
    assert fate["2"].startswith("Jumanji (1995) was ")
    assert fate["1200"] == "Aliens (1986) is rated by you, so it never enters."


def test_choices_stand_in_the_address(view: View, rated: None) -> None:
    page = view("cascade", rerank="mmr")
    assert [bar["title"] for bar in drawn(page)["bars"]][-1] == "MMR"
    page.selectbox(key="cascade_rerank").select("none").run()
    assert page.query_params["rerank"] in ("none", ["none"])
    assert [bar["title"] for bar in drawn(page)["bars"]][-1] == "Ranked"
    page.selectbox(key="cascade_rerank").select("plan").run()
    assert "rerank" not in page.query_params


def test_an_unknown_ranker_is_told(view: View, rated: None) -> None:
    page = view("cascade", ranker="nonesuch")
    assert not page.exception
    assert "“nonesuch” does not rank here" in page.warning[0].value


def test_a_plan_that_makes_no_sense_is_told_and_the_one_before_serves(view: View, rated: None, opened: House) -> None:
    cascade.plan()
    (opened.settings.home / cascade.FILE).write_text("[retrieval]\nsources = { nonesuch = 3 }", encoding="utf-8")
    page = view("cascade")
    assert not page.exception
    assert "The plan before it serves on" in page.warning[0].value
    assert drawn(page)["bars"][-1]["count"] == 10


def test_nobody_yet_is_invited(view: View) -> None:
    page = view("cascade")
    assert not page.exception
    assert any("You have rated **0** movies" in part.value for part in page.markdown)
    assert any(button.label.startswith("Be the") for button in page.button)


def outcome() -> Outcome:
    """EASE brings 5 6 7, Fresh brings 8; the ranker keeps 7 and 5."""
    sources = (Brought("ease", (5, 6, 7), 1.0), Brought("fresh", (8,), 1.0))
    retrieved = Passed("retrieval", (5, 8, 6, 7), (5, 8, 6, 7), 4, 1.0)
    return Outcome(90, sources, (retrieved, Passed("ranking", (5, 8, 6, 7), (7, 5, 6), 2, 1.0, model="ease")))


def test_the_way_of_a_movie_follows_its_source(opened: House) -> None:
    """6 is the second of EASE's three; 8 is the only fresh one; 9 never came in."""
    nobody = Person(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int64), "nobody")
    six = cascade_funnel.way(outcome(), nobody, 6)
    assert six is not None
    assert (six.source, six.places, six.end, six.lost) == (0, (0.5, 0.5, 0.5), "lost in the ranking, 3 of 4", True)
    fresh = cascade_funnel.way(outcome(), nobody, 8)
    assert fresh is not None
    assert (fresh.source, fresh.end) == (1, "lost in the ranking")
    never = cascade_funnel.way(outcome(), nobody, 9)
    assert never is not None
    assert (never.source, never.places) == (None, (0.5,))
    shown = cascade_funnel.way(outcome(), nobody, 7)
    assert shown is not None
    assert (shown.places, shown.end, shown.lost) == ((0.5, 5 / 6, 5 / 6, 0.25), "1 of 2", False)
    said = "".join(text for text, _ in cascade_funnel.fate(outcome(), nobody, 6))
    assert said.endswith("it came in at 3 of 4, EASE puts it at 3, and 2 stay. 1 came from behind and took its place:")


def test_large_numbers_are_read() -> None:
    assert [large(count) for count in (950, 2_219_000, 3.1e9, 4.56e12)] == [
        "950",
        "2.22 million",
        "3.1 billion",
        "4.56 trillion",
    ]
