"""The Models view: every model of the house, its work, its failures, its versions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app import jobs as desk
from app.components import leaderboard, model_panel
from app.components.leaderboard import Row
from app.components.text import markup
from app.resources import House
from app.workshop import Metric
from db import jobs, model_versions
from db.base import now
from recommender.models import registry
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.training import train

View = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No queue: the table is what counts."""
    monkeypatch.setattr("app.jobs.ring", lambda settings: None)


def text(page: AppTest) -> str:
    """Everything that the page says."""
    parts = [*page.markdown, *page.caption, *page.warning, *page.error]
    return "\n".join([*(part.value for part in parts), *(part.proto.body for part in page.get("html"))])


def keys(page: AppTest) -> set[str]:
    return {button.key for button in page.button if button.key}


def active(house: House) -> dict[tuple[str, str | None], jobs.Job]:
    with house.database.reading() as rows:
        return {(job.kind, job.model): job for job in jobs.active(rows)}


def ended(house: House, kind: jobs.Kind, model: str, reason: str) -> int:
    """A job that failed."""
    with house.database.session() as rows:
        jobs.enqueue(rows, kind, model)
        job = jobs.claim(rows, "me")
        assert job is not None
        jobs.finish(rows, job.id, "me", "failed", reason)
        return job.id


def measured(house: House, slug: str, value: float) -> None:
    version = next(model.version for model in house.engine.served() if model.card.slug == slug)
    metrics = {"ndcg@10": {"value": value, "low": value - 0.01, "high": value + 0.01, "n": 671}}
    with house.database.session() as rows:
        model_versions.add(rows, slug, version, 1.0, "abc")
        model_versions.measured(rows, slug, version, metrics)


def test_every_model_of_the_house_has_a_card(view: View, opened: House) -> None:
    page = view("models", section="All models")
    assert not page.exception
    assert f"**2 of {len(registry.names())}** models are ready; none is measured yet." in text(page)
    for card in registry.cards():
        assert f"about_{card.slug}" in keys(page)
        assert markup(card.name) in text(page)
    assert "train_ease" not in keys(page), "it is trained"
    assert "train_bpr" in keys(page)


def test_the_best_is_named_with_its_figures(view: View, opened: House) -> None:
    measured(opened, "ease", 0.042)
    measured(opened, "markov", 0.058)
    page = view("models", section="All models")
    assert not page.exception
    assert "Markov is best of **2** measured with NDCG@10 **.058** (.048 to .068, 671 people)" in text(page)
    assert len(page.get("vega_lite_chart")) == 1


def test_a_metric_that_nobody_has_is_no_broken_chart(view: View, opened: House) -> None:
    measured(opened, "ease", 0.042)
    page = view("models", section="All models")
    page.selectbox(key="metric").set_value("novelty@10").run()
    assert not page.exception
    assert "No model has this figure yet" in text(page)


def test_train_asks_the_worker_and_cancel_takes_it_back(view: View, opened: House) -> None:
    page = view("models", section="All models")
    page.button(key="train_bpr").click().run()
    assert not page.exception
    assert active(opened)[("train", "bpr")].settings == {}
    assert "waits to be trained" in text(page)
    page.button(key="cancel_bpr").click().run()
    assert active(opened) == {}


def test_train_all_means_those_that_are_missing(view: View, opened: House) -> None:
    page = view("models", section="All models")
    assert page.button(key="train_all").label == f"Train the other {len(registry.names()) - 2}"
    page.button(key="train_all").click().run()
    missing = {slug for slug in registry.names() if slug not in ("ease", "markov")}
    assert {model for _, model in active(opened)} == missing
    assert page.button(key="train_all").disabled
    assert "wait to be trained" in text(page)
    page.button(key="cancel_all").click().run()
    assert active(opened) == {}
    assert "cancel_all" not in keys(page)


def test_measure_all_means_those_that_are_trained(view: View, opened: House) -> None:
    page = view("models", section="All models")
    page.button(key="measure_all").click().run()
    assert set(active(opened)) == {("evaluate", "ease"), ("evaluate", "markov")}


def test_a_failure_shows_its_reason_and_retry_asks_again(view: View, opened: House) -> None:
    failed = ended(opened, "train", "bpr", "There was not enough <b>memory</b>.")
    page = view("models", section="All models")
    assert "Training failed: There was not enough &lt;b&gt;memory&lt;/b&gt;." in text(page)
    page.button(key="retry_bpr").click().run()
    assert not page.exception
    assert active(opened)[("train", "bpr")].retry_of == failed
    assert "Training failed" not in text(page)


def test_a_job_without_its_worker_is_marked_by_the_page(view: View, opened: House) -> None:
    with opened.database.session() as rows:
        job = jobs.enqueue(rows, "train", "bpr")
        jobs.claim(rows, "elsewhere:1:abc")
        job.heartbeat = now() - desk.PATIENCE_SECONDS - 1
    page = view("models", section="All models")
    assert not page.exception
    assert "The worker that ran this was stopped" in text(page)
    assert "retry_bpr" in keys(page)


def test_nobody_at_work_is_said(view: View, opened: House) -> None:
    with opened.database.session() as rows:
        jobs.enqueue(rows, "train", "bpr").created = now() - 60
    page = view("models", section="All models")
    assert "Nobody is at work" in text(page)


def test_the_address_opens_a_model_in_full(view: View, opened: House) -> None:
    page = view("models", section="All models", about="ease")
    assert not page.exception
    for said in (
        "Embarrassingly Shallow",
        "How stars count",
        "Departs from the paper",
        "100,004 ratings by 671 people",
    ):
        assert said in text(page)
    assert page.button(key="about_ease").label == "Close"
    page.button(key="about_ease").click().run()
    assert "about" not in page.query_params


def test_a_model_that_does_not_exist_is_no_error(view: View) -> None:
    page = view("models", section="All models", about="<script>")
    assert not page.exception
    assert "There is no model called" in text(page)


def test_the_form_sends_only_what_was_changed(view: View, opened: House) -> None:
    page = view("models", section="All models", about="ease")
    page.session_state["settings_ease"] = True  # unfolded
    page.run()
    page.number_input(key="config_ease_regularization").set_value(77.0)
    page.button(key="submit_ease").click().run()
    assert not page.exception
    assert active(opened)[("train", "ease")].settings == {"regularization": 77.0}


def test_rolling_back_lets_the_earlier_version_serve(view: View, opened: House) -> None:
    store = ArtifactStore(opened.settings.models)
    before = store.current("markov")
    assert before is not None
    train("markov", opened.dataset, store, {"seed": 5})
    opened.engine.refresh()
    page = view("models", section="All models", about="markov")
    assert "seed 5" in text(page)
    page.button(key="serve_markov_1").click().run()
    assert not page.exception
    assert store.current("markov") == before
    served = {model.card.slug: model.version for model in opened.engine.served()}
    assert served["markov"] == before.name


@pytest.mark.parametrize("slug", registry.names())
def test_every_model_opens_in_full_with_its_form(view: View, slug: str) -> None:
    page = view("models", section="All models", about=slug)
    page.session_state[f"settings_{slug}"] = True
    page.run()
    assert not page.exception
    assert page.number_input(key=f"config_{slug}_seed").value == 0


def test_the_leaderboard_puts_the_best_first_and_equals_by_name() -> None:
    cards = {card.slug: card for card in registry.cards()}
    rows = [Row(cards[slug], Metric(value, 0, 1, 9)) for slug, value in (("ials", 0.1), ("bpr", 0.3), ("ease", 0.1))]
    assert [row.card.slug for row in leaderboard.ordered(rows)] == ["bpr", "ease", "ials"]


@pytest.mark.parametrize(("value", "said"), [(0.0424, ".042"), (0.0, "0.000"), (2.3, "2.300"), (1.0, "1.000")])
def test_figures_are_written_as_in_papers(value: float, said: str) -> None:
    assert leaderboard.decimal(value) == said


@pytest.mark.parametrize(("seconds", "said"), [(0.0004, "1 ms"), (0.61, "610 ms"), (4.26, "4.3 s"), (600, "10 min")])
def test_durations_are_said_as_people_do(seconds: float, said: str) -> None:
    assert model_panel.duration(seconds) == said


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (0.25, "A refresh did not get to serve: it finds the 12 newest ratings worse (NDCG .250, before .500)"),
        (0.75, "Refreshed: it finds the 12 newest ratings no worse (NDCG .750, before .500)"),
    ],
)
def test_what_came_of_a_refresh_is_told_until_the_next_training(
    view: View, opened: House, after: float, said: str
) -> None:
    with opened.database.session() as rows:
        jobs.enqueue(rows, "refresh", "ease")
        job = jobs.claim(rows, "me")
        assert job is not None
        jobs.advance(rows, job.id, "me", 1, 1, {"verdict": {"before": 0.5, "after": after, "n": 12}})
        jobs.finish(rows, job.id, "me", "done")
    assert said in text(view("models", section="All models", about="ease"))
    assert (said in text(view("models", section="All models"))) is (after < 0.5), "a card tells of what is not as hoped"
    ended(opened, "train", "ease", "No luck.")
    assert said not in text(view("models", section="All models", about="ease"))


def test_a_refresh_at_work_is_told(view: View, opened: House) -> None:
    with opened.database.session() as rows:
        jobs.enqueue(rows, "refresh", "ease")
    assert "waits to be refreshed" in text(view("models", section="All models"))
