"""New ratings are learned; what is worse for it does not serve."""

from __future__ import annotations

import pytest

from app.worker import work
from app.worker.shop import Shop
from db import jobs, model_versions, people, ratings
from recommender.serving.refreshing import Verdict
from tests.app.worker.conftest import do


def rate(shop: Shop, *given: tuple[int, float]) -> None:
    """A visitor rates movies."""
    with shop.database.session() as session:
        person = people.create(session)[0].id
        for movie, stars in given:
            ratings.put(session, person, movie, stars)


def test_a_refresh_learns_the_new_ratings_and_keeps_the_figures(shop: Shop) -> None:
    do(shop, "train", "ease")
    do(shop, "evaluate", "ease")
    before = shop.store.current("ease")
    rate(shop, (1, 5.0), (2, 4.0), (3, 4.0))
    job = do(shop, "refresh", "ease")
    after = shop.store.current("ease")
    assert job.state == "done"
    assert before is not None
    assert after is not None
    assert after.name != before.name
    assert after.manifest().interactions == before.manifest().interactions + 2, "the newest of the three judges"
    assert after.manifest().heard == 2
    assert job.metrics["verdict"]["n"] == 1
    with shop.database.reading() as session:
        book = model_versions.book(session)
    assert book[("ease", after.name)].metrics["ndcg@10"] == book[("ease", before.name)].metrics["ndcg@10"]


def test_a_refresh_that_is_worse_does_not_serve_and_says_how_much(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    do(shop, "train", "ease")
    before = shop.store.current("ease")
    rate(shop, (1, 5.0))
    monkeypatch.setattr("recommender.serving.refreshing.compare", lambda *_: Verdict(0.5, 0.25, 1))
    job = do(shop, "refresh", "ease")
    assert (job.state, job.metrics["verdict"]) == ("done", {"before": 0.5, "after": 0.25, "n": 1})
    assert shop.store.current("ease") == before


def test_a_refresh_of_all_asks_for_those_that_serve_and_have_not_heard_it_all(shop: Shop) -> None:
    do(shop, "train", "ease")
    do(shop, "train", "ftrl")
    rate(shop, (1, 5.0))
    do(shop, "train", "markov")
    with shop.database.session() as session:
        asked = jobs.enqueue(session, "refresh")
        while (job := jobs.claim(session, "me")) is not None and job.id != asked.id:
            jobs.finish(session, job.id, "me", "done")
    assert job is not None
    work.run(shop, job, "me")
    with shop.database.reading() as session:
        waiting = [(job.kind, job.model) for job in jobs.active(session) if job.kind == "refresh"]
    assert waiting == [("refresh", "ease")], "FTRL learns live, and Markov has heard it"


def test_what_was_never_trained_cannot_be_refreshed(shop: Shop) -> None:
    assert do(shop, "refresh", "ease").reason == "EASE has not been trained yet, so there is nothing to refresh."
