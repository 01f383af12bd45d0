"""Jobs: the table is the truth, whoever asks and whoever works."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from db import Database, DatabaseError, jobs, model_versions


def ask(database: Database, kind: jobs.Kind, model: str, **settings: object) -> int:
    with database.session() as session:
        return jobs.enqueue(session, kind, model, settings).id


def claim(database: Database, worker: str = "one") -> jobs.Job | None:
    with database.session() as session:
        return jobs.claim(session, worker)


def state(database: Database, job: int) -> str:
    with database.reading() as session:
        return jobs.get(session, job).state


def test_two_clicks_are_one_wish(database: Database) -> None:
    with ThreadPoolExecutor(8) as hall:
        wishes = set(hall.map(lambda _: ask(database, "train", "ease"), range(16)))
    assert len(wishes) == 1
    assert ask(database, "train", "ease", seed=1) not in wishes, "other settings are another wish"


def test_a_wish_after_a_cancelled_one_is_a_new_one(database: Database) -> None:
    job = ask(database, "train", "ease")
    claim(database)
    with database.session() as session:
        jobs.request_cancel(session, job)
    assert ask(database, "train", "ease") != job


def test_trainings_go_before_evaluations_in_the_order_in_which_they_came(database: Database) -> None:
    wanted = [ask(database, "evaluate", "ease"), ask(database, "train", "bpr"), ask(database, "train", "ease")]
    claimed = [claim(database) for _ in range(3)]
    assert [job.id for job in claimed if job] == [wanted[1], wanted[2], wanted[0]]
    assert claim(database) is None


def test_no_job_is_claimed_twice(database: Database) -> None:
    wanted = [ask(database, "train", "ease", seed=seed) for seed in range(20)]
    with ThreadPoolExecutor(4) as hall:
        claimed = list(hall.map(lambda seat: claim(database, f"worker {seat}"), range(40)))
    assert sorted(job.id for job in claimed if job) == wanted


def test_a_queued_job_is_cancelled_at_once_and_a_running_one_is_asked(database: Database) -> None:
    queued = ask(database, "train", "ease")
    with database.session() as session:
        jobs.request_cancel(session, queued)
    assert state(database, queued) == "cancelled"
    running = ask(database, "train", "bpr")
    claim(database)
    with database.session() as session:
        assert not jobs.advance(session, running, "one", 1, 10, {"loss": 0.5})
        jobs.request_cancel(session, running)
        assert jobs.advance(session, running, "one", 2, 10, {})
        assert jobs.beat(session, running, "one")
        assert jobs.finish(session, running, "one", "cancelled")
    assert state(database, running) == "cancelled"


def test_a_worker_that_lost_its_job_can_neither_go_on_nor_end_it(database: Database) -> None:
    job = ask(database, "train", "ease")
    claim(database, "old")
    with database.session() as session:
        assert jobs.requeue(session, "old") == [job]
    claim(database, "new")
    with database.session() as session:
        assert jobs.advance(session, job, "old", 1, 2, {}), "told to stop"
        assert not jobs.finish(session, job, "old", "done")
    assert state(database, job) == "running"


def test_a_job_that_ended_stays_as_it_ended(database: Database) -> None:
    job = ask(database, "train", "ease")
    claim(database)
    with database.session() as session:
        assert jobs.finish(session, job, "one", "failed", "no memory")
        assert not jobs.finish(session, job, "one", "done")
        assert jobs.counts(session) == {"queued": 0, "running": 0, "done": 0, "failed": 1, "cancelled": 0}


def test_retry_asks_for_the_same_again(database: Database) -> None:
    job = ask(database, "train", "bpr", epochs=3)
    with pytest.raises(DatabaseError, match="still open"), database.session() as session:
        jobs.retry(session, job)
    claim(database)
    with database.session() as session:
        jobs.finish(session, job, "one", "failed", "a reason")
        again = jobs.retry(session, job)
        assert (again.kind, again.model, again.settings, again.retry_of) == ("train", "bpr", {"epochs": 3}, job)
        assert jobs.latest(session)[("train", "bpr")].id == again.id
        with pytest.raises(DatabaseError, match="no job 999"):
            jobs.get(session, 999)


def test_figures_are_entered_for_the_version_that_was_measured(database: Database) -> None:
    with database.session() as session:
        for version in ("first", "second"):
            model_versions.add(session, "ease", version, 1.5, "abc")
        assert model_versions.measured(session, "ease", "first", {"ndcg@10": {"value": 0.1}})
        assert not model_versions.measured(session, "ease", "third", {})
    with database.reading() as session:
        book = model_versions.book(session)
    assert book[("ease", "first")].metrics == {"ndcg@10": {"value": 0.1}}
    assert book[("ease", "second")].metrics == {}
