"""The worker's parts, without a worker: what it asks for at its start, and what becomes of a job that ends badly."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from types import ModuleType

import polars as pl
import pytest

from app import jobs as desk
from app.settings import Settings
from app.worker import bench, consumer, measuring, stock, work
from app.worker.shop import Shop
from db import Database, DatabaseError, connect, jobs, model_versions, people, ratings
from recommender.evaluation import Report
from recommender.models import registry
from recommender.models.classic.markov import Markov
from recommender.serving import unfinished
from recommender.serving.refreshing import Verdict

WAIT_SECONDS = 60.0


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A workshop over six ratings."""
    data = tmp_path / "six.csv"
    data.write_text("user_id,movie_id,rating,timestamp\n1,1,4,1\n1,2,5,2\n1,3,3,3\n2,1,4,1\n2,3,5,2\n3,2,1,1\n")
    monkeypatch.setenv("MARQUEE_DATA", str(data))
    monkeypatch.setenv("MARQUEE_HOME", str(tmp_path / "home"))
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(
        sys.modules, "__main__", ModuleType("__main__")
    )  # AppTest leaves its script there; a bench would run it
    opened = Shop.open()
    yield opened
    opened.database.close()


def do(shop: Shop, kind: jobs.Kind, model: str, **settings: object) -> jobs.Job:
    """Ask for a job, do it here, and say how it ended."""
    with shop.database.session() as session:
        asked = jobs.enqueue(session, kind, model, settings)
        while (job := jobs.claim(session, "me")) is not None and job.id != asked.id:
            jobs.finish(session, job.id, "me", "done")
    assert job is not None
    work.run(shop, job, "me")
    with shop.database.reading() as session:
        return jobs.get(session, asked.id)


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


def test_stock_is_taken_fastest_first_by_what_is_known(shop: Shop) -> None:
    names = registry.names()
    assert stock.quickest_first(names, {})[0] in ("popularity", "recentpopularity")
    seconds = {slug: float(place) for place, slug in enumerate(reversed(names))}
    assert stock.quickest_first(names, seconds) == list(reversed(names))
    assert stock.quickest_first(["ease", "bpr"], {"bpr": 9.0}) == ["bpr", "ease"], "what is known goes first"


def test_stock_leaves_alone_what_is_sound_failed_or_stopped(shop: Shop) -> None:
    do(shop, "train", "markov")
    with shop.database.session() as session:
        for model, end in (("ease", "failed"), ("bpr", "cancelled")):
            jobs.enqueue(session, "train", model)
            job = jobs.claim(session, "me")
            assert job is not None
            jobs.finish(session, job.id, "me", end)  # type: ignore[arg-type]
    assert set(stock.take(shop)) == set(registry.names()) - {"markov", "ease", "bpr"}


def test_stock_books_what_was_trained_by_the_command_line(shop: Shop) -> None:
    from recommender.serving.training import train

    version = train("markov", shop.dataset, shop.store)
    stock.take(shop)
    with shop.database.reading() as session:
        assert ("markov", version.name) in model_versions.book(session)


def test_a_model_of_another_data_set_is_trained_anew(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    from recommender.data.sources import assemble
    from recommender.data.tables import read_ratings
    from recommender.serving.training import train

    other = assemble("other", read_ratings(Path(shop.settings.data)).with_columns(movie_id=pl.lit(99)), None)
    train("markov", other, shop.store)
    with caplog.at_level(logging.WARNING):
        assert "markov" in stock.take(shop)
    assert "Markov was trained for another data set (other). It is trained anew." in caplog.messages


def deaf(worker: str, first: bool) -> None:
    """A bench whose job never listens."""
    _claim(worker)
    time.sleep(600)


def mute(worker: str, first: bool) -> None:
    """A bench that ends without a word."""
    _claim(worker)
    os._exit(7)


def idle(worker: str, first: bool) -> None:
    """A bench that ends before it does anything."""
    os._exit(3)


def _claim(worker: str) -> None:
    database = connect(Settings().database_url)
    with database.session() as session:
        jobs.claim(session, worker)


@pytest.fixture
def watch(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[str, bool], None]], int]]:
    """Lets a worker with the given bench drain a queue of one job, whose id it returns."""
    database = connect(shop.settings.database_url)
    watching = consumer.Watch(shop.settings, database)
    threads = []

    def start(target: Callable[[str, bool], None]) -> int:
        monkeypatch.setattr(bench, "main", target)
        with database.session() as session:
            job = jobs.enqueue(session, "train", "ease").id
        threads.append(Thread(target=watching.drain))
        threads[-1].start()
        return job

    yield start
    watching.stop.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "a worker that is told to stop stops"
    database.close()


def until(database: Database, job: int, state: str) -> jobs.Job:
    """Wait for a job to come into a state."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with database.reading() as session:
            found = jobs.get(session, job)
        if found.state == state:
            return found
        assert time.monotonic() < deadline, f"{found.state}, not {state}"
        time.sleep(0.05)


def test_a_job_that_does_not_listen_is_stopped_all_the_same(
    shop: Shop, watch: Callable[[Callable[[str, bool], None]], int]
) -> None:
    job = watch(deaf)
    until(shop.database, job, "running")
    left = unfinished.place(shop.settings.models, "ease") / "checkpoint.safetensors"
    left.parent.mkdir(parents=True)
    left.touch()
    with shop.database.session() as session:
        jobs.request_cancel(session, job)
    until(shop.database, job, "cancelled")
    assert not left.parent.exists(), "what is cancelled does not go on"


def test_a_bench_that_ends_without_a_word_fails_its_job(
    shop: Shop, watch: Callable[[Callable[[str, bool], None]], int]
) -> None:
    assert "exit code 7" in (until(shop.database, watch(mute), "failed").reason or "")


def test_a_bench_that_never_begins_is_not_started_for_ever(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "main", idle)
    with shop.database.session() as session:
        job = jobs.enqueue(session, "train", "ease").id
    consumer.Watch(shop.settings, shop.database).drain()  # returns
    with shop.database.reading() as session:
        assert jobs.get(session, job).state == "queued"


def test_a_queue_that_is_away_loses_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    (job,) = desk.ask(shop.database, Settings(), "train", {"ease": {}})
    assert "could not be woken" in caplog.text
    with shop.database.reading() as session:
        assert [waiting.id for waiting in jobs.active(session)] == [job.id]


def test_a_worker_of_the_same_number_before_this_one_is_gone(shop: Shop) -> None:
    """In a container every worker has the same number."""
    with shop.database.session() as session:
        jobs.enqueue(session, "train", "ease")
        mine = jobs.claim(session, desk.signature())
        jobs.enqueue(session, "train", "bpr")
        old = jobs.claim(session, ":".join([*desk.signature().split(":")[:2], "before"]))
    assert mine is not None
    assert old is not None
    assert desk.mark_lost(shop.database) == [old.id]


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


def test_a_quick_model_is_asked_about_newcomers_by_itself(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    do(shop, "train", "markov")
    assert do(shop, "evaluate", "markov").state == "done"
    with shop.database.reading() as session:
        (waiting,) = jobs.active(session)
    assert (waiting.kind, waiting.model, waiting.settings) == ("evaluate", "markov", {"protocol": "cold-user"})
    assert do(shop, "evaluate", "markov", protocol="cold-user").state == "done"
    version = shop.store.current("markov")
    assert version is not None
    with shop.database.reading() as session:
        kept = model_versions.book(session)[("markov", version.name)].metrics
        assert jobs.active(session) == [], "and then all is known"
    assert kept["ndcg@10"]["n"] == 2, "beside what leave-last found"
    level = kept["cold-user"]["levels"]["0"]
    assert {"hr@10", "ndcg@10", "lead", "baseline"} == set(level)
    monkeypatch.setattr(measuring, "QUICK_SECONDS", -1)
    do(shop, "evaluate", "markov")
    with shop.database.reading() as session:
        assert jobs.active(session) == [], "a slow one is measured when somebody asks"


def test_a_lead_over_popularity_has_its_sign_and_its_interval(shop: Shop) -> None:
    first = {"value": 0.3, "low": 0.2, "high": 0.4, "n": 9}
    trial = {"label": "3", "people": 9, "unanswerable": 0}
    trial["models"] = {slug: {"ndcg@10": first, "hr@10": first} for slug in ("popularity", "ease")}
    worse = {"metric": "ndcg@10", "difference": -0.05, "low": -0.08, "high": -0.01, "p": 0.01, "p_adjusted": 0.01}
    about = {"protocol": "cold-user", "sentence": "", "dataset": "", "fingerprint": "", "movies": 1, "ratings": 1}
    about |= {"training_ratings": 1, "training_people": 1, "seed": 0, "models": {}, "seconds": 1}

    def lead(model: str, against: str) -> dict[str, object]:
        pair = worse | {"model": model, "against": against}
        report = Report.model_validate(about | {"trials": [trial | {"comparisons": [pair]}]})
        return measuring.newcomers(report, "ease")["levels"]["3"]["lead"]

    assert lead("ease", "popularity") == {"value": -0.05, "low": -0.08, "high": -0.01, "n": 9}
    assert lead("popularity", "ease") == {"value": 0.05, "low": 0.01, "high": 0.08, "n": 9}


def test_asking_is_measured_when_somebody_wants_to_know(shop: Shop) -> None:
    do(shop, "train", "markov")
    assert do(shop, "evaluate", "markov", protocol="elicitation").reason == (
        "Nobody can be asked: too few people have 40 ratings or more; add ratings."
    )
    assert "There is no measuring by magic" in (do(shop, "evaluate", "markov", protocol="magic").reason or "")


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
