"""Objectives in Models: what is said before anything is trained or measured, and both charts when it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app import objective_trials
from app.resources import House
from recommender.evaluation.objectives import Objectives, Point
from recommender.evaluation.report import Metric

View = Callable[..., AppTest]


def metric(value: float) -> Metric:
    return Metric(value=value, low=value - 0.01, high=value + 0.01, n=9)


def measured(like: float) -> Objectives:
    """One model, whose liking differs by `like` from that of a network of its own."""
    tasks = dict.fromkeys(("watch", "like", "love", "soon"), metric(0.7))
    return Objectives(
        people=9, hidden=90, seeds=1, epochs=2, names={"esmm": "ESMM"}, auc={"esmm": tasks}, alone={"esmm": tasks}, ndcg={"esmm": tasks},
        seesaw={"esmm": dict.fromkeys(("watch", "love", "soon"), metric(0.0)) | {"like": metric(like)}},
        points=[Point(model="esmm", weight=weight, liked=metric(0.2 - weight / 10), novelty=metric(2 + weight)) for weight in (0.0, 0.5)],
    )  # fmt: skip


def said(page: AppTest) -> str:
    return "\n".join(one.value for one in [*page.markdown, *page.caption, *page.info, *page.warning])


def test_without_figures_it_says_how_to_get_them(
    view: View, opened: House, me: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []
    monkeypatch.setattr("app.objective_trials.begin", lambda: begun.append(True))
    page = view("models", section="Objectives")
    assert not page.exception
    told = said(page)
    assert "No model of several goals is trained yet. Train one from its card" in told
    assert "Not measured on this data yet. `python -m app.objective_trials` does it" in told
    page.button(key="measure_objectives").click().run()
    assert not page.exception
    assert begun == [True]


def test_what_went_wrong_is_told(view: View, opened: House, me: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.objective_trials.progress", lambda: (0.0, "Nobody can be held out."))
    assert "Nobody can be held out" in said(view("models", section="Objectives"))


def test_a_goal_that_loses_is_named_and_both_charts_are_drawn(view: View, opened: House, me: int) -> None:
    file = objective_trials.file_of(opened.dataset, opened.settings.room)
    objective_trials.aside.finish(file, measured(-0.05).model_dump_json())
    page = view("models", section="Objectives")
    assert not page.exception
    assert "Loses, its whole interval below zero: **Like** in ESMM." in said(page)
    assert len(page.get("vega_lite_chart")) + len(page.get("arrow_vega_lite_chart")) == 2


def test_without_a_loss_it_says_so(view: View, opened: House, me: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.objective_trials.found", lambda: measured(0.0))
    assert "Here **no goal** loses:" in said(view("models", section="Objectives"))
