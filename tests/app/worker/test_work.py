"""What becomes of one job: done, failed in a sentence, noted epoch by epoch."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from app.worker import work
from app.worker.shop import Shop
from db import DatabaseError, jobs, model_versions
from recommender.models import registry
from recommender.models.classic.markov import Markov
from tests.app.worker.conftest import do


def test_a_training_is_published_booked_and_followed_by_an_evaluation(shop: Shop) -> None:
    job = do(shop, "train", "markov")
    version = shop.store.current("markov")
    assert job.state == "done"
    assert version is not None
    with shop.database.reading() as session:
        booked = model_versions.book(session)[("markov", version.name)]
        (waiting,) = jobs.active(session)
    assert booked.job_id == job.id
    assert booked.fingerprint == shop.dataset.fingerprint
    assert (waiting.kind, waiting.model) == ("evaluate", "markov")


def test_an_evaluation_measures_what_serves_with_its_own_settings(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    do(shop, "train", "ease", regularization=7.0)
    tried = []
    fit = registry.model_class("ease").fit
    monkeypatch.setattr(
        registry.model_class("ease"),
        "fit",
        lambda self, *rest: tried.append(self.config.regularization) or fit(self, *rest),
    )
    assert do(shop, "evaluate", "ease").state == "done"
    assert tried == [7.0]
    version = shop.store.current("ease")
    assert version is not None
    with shop.database.reading() as session:
        assert model_versions.book(session)[("ease", version.name)].metrics["ndcg@10"]["n"] == 2


def test_what_cannot_be_done_fails_in_a_sentence(shop: Shop) -> None:
    assert do(shop, "evaluate", "ease").reason == "EASE has not been trained yet, so there is nothing to measure."
    assert "ease has no setting colour" in (do(shop, "train", "ease", colour="red").reason or "")


def test_a_model_that_breaks_fails_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("no such luck\nand more")

    monkeypatch.setattr(Markov, "fit", breaks)
    job = do(shop, "train", "markov")
    assert (job.state, job.reason) == (
        "failed",
        "It failed with ValueError: no such luck; the worker's log has the details.",
    )
    assert caplog.records[-1].exc_info is not None, "the log has them"
    assert shop.store.current("markov") is None


def test_a_database_that_is_away_for_a_moment_costs_no_training(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    tries = []

    def away() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise DatabaseError("The database cannot be reached.")

    work.patiently(away)
    assert len(tries) == 3


def test_a_training_notes_how_it_went_epoch_by_epoch(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    fit = Markov.fit

    def fits(self: Markov, interactions: object, catalog: object, progress: Callable[..., None]) -> Markov:
        progress(1, 4, {"epoch": 1.0, "loss": 7.0})
        progress(2, 4, {"epoch": 2.0, "loss": 6.5, "ndcg@10": 0.1, "seconds left": 3.0})
        progress(4, 4, {"epoch": 2.0, "loss": 5.0, "ndcg@10": 0.2})
        return fit(self, interactions, catalog)  # type: ignore[arg-type]

    monkeypatch.setattr(Markov, "fit", fits)
    job = do(shop, "train", "markov")
    assert job.state == "done", job.reason
    assert job.metrics["loss"] == 5.0
    assert job.metrics["history"] == [
        {"epoch": 1.0, "loss": 6.5, "ndcg@10": 0.1},
        {"epoch": 2.0, "loss": 5.0, "ndcg@10": 0.2},
    ]
