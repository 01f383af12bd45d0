"""The worker as it dies: kill -9, cancel, restart, a bench that falls, damaged artifacts, a full shelf."""

from __future__ import annotations

import shutil
import signal

import psutil
import pytest

from app import jobs as desk
from db import jobs
from recommender.serving import unfinished
from recommender.training import checkpoint, log
from tests.process.conftest import SLOW, Room, until

pytestmark = pytest.mark.timeout(900)

LONG = {"epochs": 10_000, "patience": 1_000, "dim": 16}
"""Settings with which GRU4Rec trains for minutes, many epochs a second."""


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
