"""What crosses with what: who is asked, what is said, and what somebody new or an untrained model gets to read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.resources import House
from app.views.models.crossings import sentence
from db import ratings
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.crossings import Crossings, _both_ways, able
from recommender.serving.training import train

View = Callable[..., AppTest]
SECTION = "What crosses"


def text(page: AppTest) -> str:
    return "\n".join(part.value for part in (*page.markdown, *page.info, *page.caption))


def rate_some(house: House, me: int) -> None:
    with house.database.session() as rows:
        for movie_id, stars in ((1, 5.0), (260, 4.5), (296, 2.0)):
            ratings.put(rows, me, movie_id, stars)


def test_somebody_new_is_invited(view: View) -> None:
    page = view("models", section=SECTION)
    assert not page.exception
    assert "You have rated **0** movies" in text(page)
    assert not page.get("vega_lite_chart")


def test_a_model_that_is_not_trained_says_so(view: View, opened: House, me: int) -> None:
    rate_some(opened, me)
    page = view("models", section=SECTION)
    assert not page.exception
    assert "FM is not trained yet" in text(page)


def test_the_visitors_case_is_drawn_and_said(view: View, opened: House, me: int) -> None:
    rate_some(opened, me)
    settings = {"epochs": 1, "validation_people": 0, "negatives": 1, "targets": 64, "dim": 4}
    train("fm", opened.dataset, ArtifactStore(opened.settings.models), settings)
    opened.engine.refresh()
    page = view("models", section=SECTION)
    assert not page.exception
    assert len(page.get("vega_lite_chart")) == 1
    assert "FM, between you and" in text(page)
    first = page.selectbox(key="crossing_movie_fm")
    assert first.index == 0
    before = text(page)
    first.select_index(1).run()
    assert not page.exception
    assert text(page) != before


def test_able_models_are_in_order_of_their_years() -> None:
    assert able()[:2] == ["fm", "ffm"]
    assert {"autoint", "dcnv2"} <= set(able())


MINE, ITS = ("a", "b"), ("x", "y")


def test_a_symmetric_matrix_counts_each_pair_once() -> None:
    matrix = np.array([[0, 9, 1, 2], [9, 0, -5, 3], [1, -5, 0, 4], [2, 3, 4, 0]], np.float32)
    found = _both_ways(MINE, ITS, matrix, "About.", True)
    assert found.strengths.tolist() == [[1, 2], [-5, 3], [0, 4], [4, 0]]
    assert [(pair.one, pair.other, pair.strength) for pair in found.strongest(3)] == [
        ("b", "x", -5),
        ("x", "y", 4),
        ("b", "y", 3),
    ]


def test_both_directions_are_added_up_or_averaged() -> None:
    matrix = np.zeros((4, 4), np.float32)
    matrix[0, 2], matrix[2, 0], matrix[3, 3] = 0.6, 0.2, 0.9
    assert _both_ways(MINE, ITS, matrix, "", True).strengths[0, 0] == pytest.approx(0.8)
    shares = _both_ways(MINE, ITS, matrix, "", False)
    assert shares.strengths[0, 0] == pytest.approx(0.4)
    assert shares.strengths[3, 1] == 0


def test_the_sentence_names_three_and_their_direction() -> None:
    strengths = np.array([[1, 2], [-5, 3], [0, 4], [4, 0]], np.float32)
    said = sentence(Crossings((*MINE, *ITS), ITS, strengths, "", True), "FM", "Alien")
    assert said == (
        "FM, between you and Alien: strongest are **b × x** (-5.00, against it), **x × y** (+4.00, for it) and **b × y** (+3.00, for it)."
    )
    shares = sentence(Crossings((*MINE, *ITS), ITS, strengths / 10, "", False), "AutoInt", "Alien")
    assert "**x × y** (40% of their looks)" in shares
