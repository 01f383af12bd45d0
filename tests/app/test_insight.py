"""Looking into a model: what moved a movie beside what was looked at, and names written token by token."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.components import spelling, weighed_ratings
from app.resources import House
from db import ratings
from recommender.data.sources import load
from recommender.serving.answers import Person
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.explanations import Weighed, Weighing
from recommender.serving.training import train
from recommender.serving.writing import Spelling, Step

View = Callable[..., AppTest]
ALIEN = "1214"
LOVED, DISLIKED = (1200, 589, 541, 1240, 2571), 1721
QUICK = {"epochs": 1, "dim": 16, "codes": 16, "max_length": 10, "batch_size": 256, "validation_people": 0}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artifact of a model that has attention and writes, hardly trained."""
    root = tmp_path_factory.mktemp("reader")
    train("tiger", load("embedded"), ArtifactStore(root), QUICK)
    return root / "tiger"


@pytest.fixture
def reading(opened: House, reader: Path, me: int, monkeypatch: pytest.MonkeyPatch) -> House:
    """The house with that model chosen, and a visitor with six ratings."""
    shutil.copytree(reader, opened.settings.models / "tiger")
    opened.engine.refresh()
    with opened.database.session() as rows:
        for movie_id in LOVED:
            ratings.put(rows, me, movie_id, 5)
        ratings.put(rows, me, DISLIKED, 1)
    monkeypatch.setattr("app.session.model", lambda: "tiger")
    return opened


def test_a_movie_shows_what_moved_it_beside_what_was_looked_at(view: View, reading: House) -> None:
    page = view("movie", movie=ALIEN)
    assert not page.exception
    assert "What moved TIGER, and what it looked at" in [part.value for part in page.subheader]
    said = "\n".join(part.value for part in page.markdown)
    assert "These are not the same." in said
    assert "of the 3** that moved it most, up or down," in said
    assert "over 5 ratings the rank correlation is" in said
    (table,) = [part.proto.body for part in page.get("html") if 'class="weighed"' in part.proto.body]
    assert table.count("<tr>") == 1 + len(LOVED) + 1
    assert table.count("not read") == 1
    assert "Abnar and Zuidema 2020" in page.caption[0].value
    assert "Jain and Wallace 2019" in page.caption[0].value


def test_a_model_without_attention_has_its_sentence_alone(
    view: View, reading: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.session.model", lambda: "ease")
    page = view("movie", movie=ALIEN)
    assert not page.exception
    assert "For EASE these ratings of yours speak for it most" in "\n".join(part.value for part in page.markdown)
    assert not [part for part in page.subheader if "looked at" in part.value]


def test_for_you_shows_how_a_model_that_writes_wrote(view: View, reading: House) -> None:
    page = view("for_you")
    assert not page.exception
    assert "How TIGER writes it, token by token" in [part.label for part in page.expander]
    assert [one for one in page.get("bidi_component") if "spelling" in one.proto.component_name]


def test_a_model_that_does_not_write_shows_nothing_of_the_kind(
    view: View, reading: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.session.model", lambda: "ease")
    page = view("for_you")
    assert not page.exception
    assert not [part.label for part in page.expander if "writes" in part.label]


def test_the_browser_gets_titles_and_chances(opened: House) -> None:
    written = [Spelling(3, (Step(7, 0.25, 12, (1, 2)), Step(0, 1.0, 1, ())))]
    (name,) = spelling.data(opened.cards["tiger"], written)["names"]
    first, second = name["steps"]
    assert (first["token"], first["probability"], first["possible"]) == (7, 0.25, 12)
    assert len(first["examples"]) == 2
    assert all(isinstance(title, str) for title in first["examples"])
    assert second["examples"] == []


def someone(count: int) -> Person:
    """So many ratings of the first movies."""
    return Person(np.arange(count, dtype=np.int32), np.full(count, 4, np.float32), np.arange(count), "someone")


def test_those_that_weigh_most_by_either_measure_are_drawn_and_helpers_stand_first() -> None:
    """Of ten ratings the two that hardly count by both measures are left out."""
    pairs = [
        (0.1, 0.0),
        (-1.0, 0.1),
        (0.5, 0.2),
        (0.0, 0.3),
        (0.9, 0.4),
        (0.01, 0.01),
        (0.3, 0.2),
        (0.2, 0.9),
        (0.02, 0.0),
        (0.4, 0.5),
    ]
    weighing = Weighing(tuple(Weighed(item, *pair) for item, pair in enumerate(pairs)), "Made up.", True)
    assert [one.item for one in weighed_ratings.strongest(weighing)] == [4, 2, 9, 6, 7, 0, 3, 1]


def test_bars_grow_from_a_common_zero(opened: House) -> None:
    """-1 and 3 share a line of four: zero at a quarter, one bar to the left of it, one three quarters long."""
    weighing = Weighing((Weighed(0, 3, 0.75), Weighed(1, -1, 0.25)), "Made up.", True)
    table = weighed_ratings.table(opened.cards["sasrec"], someone(2), weighing)
    assert 'style="left:25.0%;width:75.0%"' in table
    assert 'style="left:0.0%;width:25.0%"' in table
    assert [figure in table for figure in ("+3.00", "−1.00", "75 %", "25 %")] == [True] * 4


@pytest.mark.parametrize(("value", "said"), [(0.004, "0"), (-0.004, "0"), (0.25, "+0.25"), (-1.5, "−1.50"), (0.0, "0")])
def test_figures_have_a_sign_and_nothing_is_zero(value: float, said: str) -> None:
    assert weighed_ratings.signed(value) == said
