"""One job: train a model and let it serve, refresh it, or measure the version that serves."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from app import bridge
from app.worker import measuring, refreshing
from app.worker.booking import enter
from app.worker.curve import Curve
from app.worker.shop import Shop
from db import DatabaseError, jobs, model_versions
from db.jobs import Job
from recommender.errors import MarqueeError
from recommender.models.base import Cancelled, Progress, Recommender
from recommender.models.registry import model_class
from recommender.serving.training import configured, train

log = logging.getLogger("marquee")

WRITE_SECONDS = 0.5
"""Least time between two notes of progress: a training may count thousands of steps a second."""
FINISHING_TRIES = 6
Outcome = Callable[[], None]


def run(shop: Shop, job: Job, worker: str, watch: Progress | None = None) -> None:
    """Do a job that this worker has claimed, and write down how it ended. `watch` is told of the progress as well."""
    try:
        progress = reporting(shop, job, worker, watch)
        end = WORK[job.kind](shop, job, worker, progress)
    except Cancelled:
        end = _ending(shop, job, worker, "cancelled", None)
    except MarqueeError as error:
        end = _ending(shop, job, worker, "failed", str(error))
    except Exception as error:  # whatever is wrong with one model must not stop the next
        log.exception("%s of %s failed", job.kind, job.model)
        end = _ending(shop, job, worker, "failed", _in_words(error))
    patiently(end)


def reporting(shop: Shop, job: Job, worker: str, watch: Progress | None = None) -> Progress:
    """The progress callable of a job: notes it now and then, and raises `Cancelled` when somebody asked to stop.

    With what the model tells it notes how the training went so far, a point per epoch, as "history"; when it goes on where
    the job that is tried again was stopped, so does the curve.
    """
    written = 0.0
    before = job
    if job.retry_of is not None and "history" not in job.metrics:
        with shop.database.reading() as session:
            before = jobs.get(session, job.retry_of)
    curve = Curve(before.metrics.get("history", ()))

    def progress(step: int, total: int, metrics: Mapping[str, float]) -> None:
        nonlocal written
        if watch is not None:
            watch(step, total, metrics)
        history = curve.told(metrics)
        if time.monotonic() - written < WRITE_SECONDS and step < total:
            return
        written = time.monotonic()
        try:
            with shop.database.session() as session:
                stop = jobs.advance(
                    session, job.id, worker, step, total, {**metrics, "history": history} if history else metrics
                )
        except DatabaseError as error:
            log.warning("Progress could not be noted: %s", error)
            return
        if stop:
            raise Cancelled

    return progress


def _train(shop: Shop, job: Job, worker: str, progress: Progress) -> Outcome:
    slug = job.model or ""
    progress(0, 0, {})
    data = bridge.for_training(shop.database, shop.dataset)
    version = train(slug, data, shop.store, job.settings, progress)

    def end() -> None:
        with shop.database.session() as session:
            enter(session, version, job.id)
            if jobs.finish(session, job.id, worker, "done"):
                jobs.enqueue(session, "evaluate", slug)

    return end


def _measure(shop: Shop, job: Job, worker: str, progress: Progress) -> Outcome:
    """On the data set alone, without the visitors' ratings: every model is asked about the same people, whenever that is."""
    slug = job.model or ""
    version = shop.store.current(slug)
    if version is None:
        raise MarqueeError(f"{model_class(slug).card.name} has not been trained yet, so there is nothing to measure.")
    protocol = job.settings.get("protocol", measuring.LEAVE_LAST)
    seconds, config = version.manifest().seconds, configured(slug, version.manifest().config)

    def make() -> Recommender:
        return model_class(slug)(config)

    metrics = measuring.measure(protocol, shop.dataset, slug, make, progress)

    def end() -> None:
        with shop.database.session() as session:
            if not model_versions.measured(session, slug, version.name, metrics):
                enter(session, version)
                model_versions.measured(session, slug, version.name, metrics)
            done = jobs.finish(session, job.id, worker, "done")
            if done and protocol == measuring.LEAVE_LAST and measuring.asks_newcomers_by_itself(shop.dataset, seconds):
                jobs.enqueue(session, "evaluate", slug, {"protocol": measuring.COLD_USER})

    return end


WORK: Mapping[str, Callable[[Shop, Job, str, Progress], Outcome]] = {
    "train": _train,
    "refresh": refreshing.refresh,
    "evaluate": _measure,
}


def _ending(shop: Shop, job: Job, worker: str, state: jobs.Ending, reason: str | None) -> Outcome:
    def end() -> None:
        with shop.database.session() as session:
            jobs.finish(session, job.id, worker, state, reason)

    return end


def patiently(end: Outcome) -> None:
    """Write the end down even when the database is away for a moment: what was trained is worth the wait."""
    for attempt in range(FINISHING_TRIES):
        try:
            end()
            return
        except DatabaseError as error:
            log.warning("The end of a job could not be noted: %s", error)
            time.sleep(2**attempt / 2)


def _in_words(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "There was not enough memory for this; choose smaller settings or a larger machine."
    lines = str(error).splitlines()
    return f"It failed with {type(error).__name__}{f': {lines[0][:200]}' if lines else ''}; the worker's log has the details."
