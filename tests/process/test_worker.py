"""The worker as it lives and dies: first start, kill -9, cancel, restart, two at once, a lost queue, damaged artifacts."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from app import jobs as desk
from db import jobs, model_versions, people, ratings
from db.base import now
from recommender.models import registry
from recommender.serving import unfinished
from recommender.training import checkpoint, log
from tests.process.conftest import SLOW, Room, until

pytestmark = pytest.mark.timeout(900)

LONG = {"epochs": 10_000, "patience": 1_000, "dim": 16}
"""Settings with which GRU4Rec trains for minutes, many epochs a second."""


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


def test_a_worker_killed_in_mid_training_leaves_the_old_version_and_a_reason(trained: Room) -> None:
    room = trained
    worker = room.run()
    before = room.store.current("bpr")
    assert before is not None
    job = room.ask("bpr", **SLOW)
    room.until_training(job)
    (bench,) = room.benches(worker)
    worker.kill()
    worker.wait()
    psutil.wait_procs([bench], timeout=20)
    assert not bench.is_running(), "training does not outlive its worker"

    assert room.job(job).state == "running"
    assert desk.mark_lost(room.database()) == [job], "a page marks it, without any worker"
    failed = room.job(job)
    assert failed.state == "failed"
    assert failed.reason == desk.LOST
    assert room.store.current("bpr") == before
    served = {model.card.slug: model.version for model in room.engine().served()}
    assert served["bpr"] == before.name

    room.run()
    again = desk.retry(room.database(), room.settings, job)
    assert (again.settings, again.retry_of) == (SLOW, job)
    room.until_training(again.id)


def test_a_network_that_is_tried_again_goes_on_where_its_worker_was_killed(trained: Room) -> None:
    room = trained
    worker = room.run()
    kept = unfinished.place(room.store.root, "gru4rec") / checkpoint.FILE
    job = room.ask("gru4rec", **LONG)
    until(lambda: room.job(job).step > 0 and kept.is_file(), "a checkpoint")
    (bench,) = room.benches(worker)
    worker.kill()
    worker.wait()
    psutil.wait_procs([bench], timeout=20)
    desk.mark_lost(room.database())
    stopped = room.job(job)
    assert stopped.state == "failed"
    assert kept.is_file()
    before = (kept.parent / log.FILE).read_text(encoding="utf-8").splitlines()[:-1]

    worker = room.run()
    again = desk.retry(room.database(), room.settings, job).id
    until(lambda: room.job(again).step > 0, "the training to go on")
    assert room.job(again).step >= stopped.step - stopped.total // LONG["epochs"], "it began where it was"
    assert room.job(again).metrics["history"][: len(before) // 2] == stopped.metrics["history"][: len(before) // 2]
    until(lambda: len((kept.parent / log.FILE).read_text(encoding="utf-8").splitlines()) > len(before) + 1, "an epoch")
    assert (kept.parent / log.FILE).read_text(encoding="utf-8").splitlines()[: len(before)] == before
    with room.database().session() as session:
        jobs.request_cancel(session, again)
    room.until(again, "cancelled")
    assert not kept.parent.exists(), "who cancels wants none of it"
    assert room.store.current("gru4rec") is None


def test_a_new_worker_marks_what_the_killed_one_left(trained: Room) -> None:
    room = trained
    worker = room.run()
    job = room.ask("bpr", **SLOW)
    room.until_training(job)
    worker.kill()
    worker.wait()
    room.run()
    assert room.until(job, "failed").reason == desk.LOST


def test_a_running_job_is_cancelled_and_nothing_changes(trained: Room) -> None:
    room = trained
    room.run()
    before = room.store.current("bpr")
    slow, waiting = room.ask("bpr", **SLOW), room.ask("ease", seed=1)
    room.until_training(slow)
    with room.database().session() as session:
        jobs.request_cancel(session, slow)
    room.until(slow, "cancelled")
    assert room.store.current("bpr") == before
    room.until(waiting, "done")


def test_what_waits_or_runs_when_the_worker_is_stopped_goes_on_with_the_next(trained: Room) -> None:
    room = trained
    worker = room.run()
    slow, waiting = room.ask("bpr", **SLOW), room.ask("ease", seed=1)
    room.until_training(slow)
    worker.terminate()
    output, _ = worker.communicate(timeout=30)
    assert (worker.returncode, output) == (0, "")
    assert (room.job(slow).state, room.job(waiting).state) == ("queued", "queued")
    room.run()
    room.until_training(slow)
    with room.database().session() as session:
        jobs.request_cancel(session, slow)
    room.until(waiting, "done")


def test_a_bench_that_dies_fails_its_job_alone(trained: Room) -> None:
    room = trained
    worker = room.run()
    slow, waiting = room.ask("bpr", **SLOW), room.ask("ease", seed=1)
    room.until_training(slow)
    room.benches(worker)[0].kill()
    failed = room.until(slow, "failed")
    assert failed.reason is not None
    assert "memory" in failed.reason
    room.until(waiting, "done")
    assert worker.poll() is None


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


def test_a_damaged_artifact_is_trained_anew_and_said_so(trained: Room) -> None:
    room = trained
    damaged = room.store.current("ease")
    assert damaged is not None
    arrays = damaged.folder / "arrays.safetensors"
    arrays.write_bytes(arrays.read_bytes()[:100])
    worker = room.run()
    until(lambda: room.store.current("ease") != damaged, "a new version")
    assert "ease" in {model.card.slug for model in room.engine().served()}
    worker.send_signal(signal.SIGINT)
    output, _ = worker.communicate(timeout=30)
    assert "damaged" in output
    assert len(output.strip().splitlines()) == 1, output


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


@pytest.mark.parametrize("arguments", [(), ("--once",)])
def test_a_missing_data_set_is_one_line(room: Room, arguments: tuple[str, ...]) -> None:
    process = room.run(*arguments, MARQUEE_DATA="/nowhere/at/all")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert output.startswith("There is no data set /nowhere/at/all.")
    assert len(output.strip().splitlines()) == 1, output


@pytest.mark.parametrize("arguments", [(), ("--once",)])
def test_a_database_of_a_newer_marquee_is_one_line(room: Room, arguments: tuple[str, ...]) -> None:
    with room.database().session() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    process = room.run(*arguments)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "newer version of Marquee" in output
    assert len(output.strip().splitlines()) == 1, output


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("REDIS_URL", "nonsense", "REDIS_URL is no address of a Redis server"),
        ("MARQUEE_HOME", "/dev/null", "cannot be written"),
        ("MARQUEE_REFRESH_AFTER", "many", "MARQUEE_REFRESH_AFTER is no number of ratings"),
        ("MARQUEE_MODELS", "clasic", "no model called clasic"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL is no address of a database"),
        ("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none", "cannot be reached"),
    ],
)
def test_a_wrong_setting_is_one_line(room: Room, tmp_path: Path, variable: str, value: str, said: str) -> None:
    process = room.run(**({"DATABASE_URL": f"sqlite:///{tmp_path}/elsewhere.db"} | {variable: value}))
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2, output
    assert said in output
    assert len(output.strip().splitlines()) == 1, output


def test_a_full_shelf_fails_in_words_and_the_worker_lives(trained: Room) -> None:
    room = trained
    worker = room.run()
    shutil.rmtree(room.settings.models)
    room.settings.models.write_text("a file where the folder should be")
    job = room.ask("markov", seed=1)
    failed = room.until(job, "failed")
    assert failed.reason is not None
    assert "cannot be written" in failed.reason
    assert worker.poll() is None


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
