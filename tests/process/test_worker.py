"""The worker as it lives: first start, new ratings, two at once, a queue that comes and goes."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import jobs as desk
from db import jobs, model_versions, people, ratings
from db.base import now
from recommender.models import registry
from tests.process.conftest import Room, until

pytestmark = pytest.mark.timeout(900)


def test_the_first_start_trains_and_measures_everything_and_the_second_nothing(room: Room) -> None:
    engine = room.engine()
    assert [model.card.slug for model in engine.served()] == ["popularity"], (
        "the house opens before anything is trained"
    )
    worker = room.run()
    room.until_idle()
    assert engine.refresh(), "versions arrive without a restart"
    assert {model.card.slug for model in engine.served()} == set(registry.matching("classic"))
    with room.database().reading() as session:
        book = model_versions.book(session)
    assert {slug for slug, _ in book} == set(registry.matching("classic"))
    assert all("ndcg@10" in row.metrics for row in book.values())
    trained = {job.model: job for job in room.jobs() if job.kind == "train"}
    measured = [job for job in room.jobs() if job.kind == "evaluate"]
    assert max(job.started for job in trained.values()) < min(job.started for job in measured), (
        "first answers, then figures"
    )
    assert trained["popularity"].started < trained["ease"].started, "fastest first"
    until(lambda: not room.benches(worker), "the bench to give its memory back")

    worker.send_signal(signal.SIGINT)
    assert worker.wait(30) == 0
    room.run()
    job = room.ask("markov")
    room.until(job, "done")
    retrained = [job.model for job in room.jobs() if job.kind == "train" and job.id > max(j.id for j in measured)]
    assert retrained == ["markov"], "only what was asked for"


def test_after_so_many_ratings_every_model_learns_them(trained: Room) -> None:
    before = {slug: trained.store.current(slug) for slug in registry.matching("classic")}
    with trained.database().session() as session:
        visitor = people.create(session)[0].id
        for movie in trained.engine().catalog.movie_ids[:10].tolist():
            ratings.put(session, visitor, movie, 4.0)
    trained.run(MARQUEE_REFRESH_AFTER="10")

    def told() -> dict[str | None, dict[str, float]]:
        return {job.model: job.metrics["verdict"] for job in trained.jobs() if job.kind == "refresh" and job.metrics}

    until(lambda: told().keys() == before.keys(), "all to be refreshed")
    for slug, verdict in told().items():
        assert verdict["n"] == 2, "the newest fifth judges"
        now = trained.store.current(slug or "")
        assert now is not None
        assert (now != before[slug or ""]) is (verdict["after"] >= verdict["before"])
    assert {job.state for job in trained.jobs() if job.kind == "refresh"} == {"done"}


def test_two_workers_never_do_the_same_job(room: Room) -> None:
    room.run()
    room.run()
    room.until_idle()
    with room.database().reading() as session:
        versions = Counter(slug for slug, _ in model_versions.book(session))
    assert versions == dict.fromkeys(registry.matching("classic"), 1)


def test_once_trains_what_is_missing_and_says_how_it_went(room: Room) -> None:
    process = room.run("--once")
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    assert f"{len(registry.matching('classic'))} of {len(registry.matching('classic'))} models are ready" in output
    versions = {slug: room.store.current(slug) for slug in registry.matching("classic")}
    process = room.run("--once")
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert {slug: room.store.current(slug) for slug in registry.matching("classic")} == versions


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Redis server of its own; its address and its process."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [program, "--port", str(port), "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    yield f"redis://127.0.0.1:{port}/0", process
    process.kill()
    process.wait()


def test_redis_wakes_the_worker_and_jobs_are_found_without_it_too(
    trained: Room, redis: tuple[str, subprocess.Popen[bytes]]
) -> None:
    room, (url, server) = trained, redis
    (room.settings.room / "queue.db").unlink(missing_ok=True)
    room.environment["REDIS_URL"] = url
    worker = room.run()
    room.until(room.ask("markov", seed=1), "done")
    assert not (room.settings.room / "queue.db").exists()
    server.kill()
    server.wait()
    room.until(room.ask("markov", seed=2), "done")
    assert worker.poll() is None


def test_a_worker_elsewhere_is_given_up_by_its_silence(room: Room) -> None:
    with room.database().session() as session:
        quick = jobs.enqueue(session, "train", "ease")
        jobs.claim(session, "otherhost:1:abc")
    assert desk.mark_lost(room.database()) == []
    with room.database().session() as session:
        jobs.get(session, quick.id).heartbeat = now() - desk.PATIENCE_SECONDS - 1
    assert desk.mark_lost(room.database()) == [quick.id]
    assert time.time() - (room.job(quick.id).finished or 0) < 60
