"""What the Models view tells of a training that runs: epoch, time left, the curves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.components import training, training_curve
from app.resources import House
from db import jobs

View = Callable[..., AppTest]
HISTORY = [
    {"epoch": 1.0, "loss": 7.25, "ndcg@10": 0.1},
    {"epoch": 2.0, "loss": 6.5, "ndcg@10": 0.08},
    {"epoch": 3.0, "loss": 6.25},
]


def running(house: House, metrics: dict[str, Any]) -> jobs.Job:
    """A training of BPR that tells of itself."""
    with house.database.session() as rows:
        jobs.enqueue(rows, "train", "bpr")
        job = jobs.claim(rows, "elsewhere")
        assert job is not None
        jobs.advance(rows, job.id, "elsewhere", 30, 100, metrics)
    with house.database.reading() as rows:
        return jobs.get(rows, job.id)


def curves(page: AppTest) -> list[Any]:
    """The training curves on a page."""
    return [one for one in page.get("bidi_component") if "training_curve" in one.proto.component_name]


def test_the_models_view_draws_a_training_as_it_goes(
    view: View, opened: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.ring", lambda settings: None)
    running(opened, {"epoch": 3.0, "loss": 6.25, "seconds left": 41.2, "history": HISTORY})
    page = view("models")
    assert not page.exception
    assert len(curves(page)) == 1
    (line,) = page.get("progress")
    assert "30% · epoch 3 · about 41 s left" in line.proto.text


def test_a_model_without_epochs_has_a_line_alone(view: View, opened: House) -> None:
    running(opened, {})
    page = view("models")
    assert not page.exception
    assert curves(page) == []


def test_two_panels_say_where_it_stands_and_where_it_was_best() -> None:
    loss, quality = training_curve.curves(HISTORY)
    assert (loss["now"], loss["note"], loss["points"]) == (
        "6.250",
        "from 7.250",
        [[1.0, 7.25], [2.0, 6.5], [3.0, 6.25]],
    )
    assert (quality["now"], quality["note"]) == (".080", "best .100 in epoch 1")
    assert [panel["name"] for panel in training_curve.curves([{"epoch": 1.0, "loss": 2.0}])] == ["Loss"]
    assert training_curve.curves([]) == []


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        ({}, ""),
        ({"epoch": 7.0}, " · epoch 7"),
        ({"epoch": 7.0, "seconds left": 89.0}, " · epoch 7 · about 89 s left"),
        ({"seconds left": 240.0}, " · about 4 min left"),
        ({"seconds left": 78_900.0}, " · about 22 h left"),
    ],
)
def test_the_time_left_is_said_as_people_do(opened: House, metrics: dict[str, Any], said: str) -> None:
    assert training.pace(running(opened, metrics)) == said
