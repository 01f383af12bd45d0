"""Benches that do not listen, end badly or never begin, and a queue that is away."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from threading import Thread

import pytest

from app import jobs as desk
from app.settings import Settings
from app.worker import bench, consumer
from app.worker.shop import Shop
from db import Database, connect, jobs
from recommender.serving import unfinished

WAIT_SECONDS = 60.0


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
