"""Continuous refresh: after so many new ratings every model learns them, and serves only if it is no worse for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from sqlalchemy.orm import Session

from app import bridge
from app.worker import stock
from app.worker.booking import enter
from app.worker.shop import Shop
from db import changes, jobs, model_versions
from db.jobs import Job
from recommender.errors import MarqueeError
from recommender.models.base import Progress
from recommender.models.registry import model_class, names
from recommender.serving import live, refreshing
from recommender.serving.artifacts import Version
from recommender.training.run import running

Outcome = Callable[[], None]


def refresh(shop: Shop, job: Job, worker: str, progress: Progress) -> Outcome:
    """One model, or ask for all that are due. Raises MarqueeError for a model that was never trained."""
    return _all(shop, job, worker) if job.model is None else _one(shop, job, job.model, worker, progress)


def _all(shop: Shop, job: Job, worker: str) -> Outcome:
    """Ask for a refresh of every model that serves and has not heard all, quickest first; those that learn live have no need."""
    with shop.database.reading() as session:
        last = changes.last(session)
        seconds = {slug: row.seconds for (slug, _), row in model_versions.book(session).items()}
    serving = {slug: version for slug in names() if (version := shop.store.current(slug)) is not None}
    due = [slug for slug, version in serving.items() if _heard(version) < last and slug not in live.able()]

    def end() -> None:
        with shop.database.session() as session:
            for slug in stock.quickest_first(due, seconds):
                jobs.enqueue(session, "refresh", slug)
            jobs.finish(session, job.id, worker, "done")

    return end


def _one(shop: Shop, job: Job, slug: str, worker: str, progress: Progress) -> Outcome:
    """What was found is noted with the job."""
    version = shop.store.current(slug)
    if version is None:
        raise MarqueeError(f"{model_class(slug).card.name} has not been trained yet, so there is nothing to refresh.")
    new = [
        given for given in bridge.given_after(shop.database, shop.dataset.catalog, _heard(version)) if given.item >= 0
    ]
    aside = refreshing.kept_aside(new)
    data = bridge.for_training(shop.database, shop.dataset, aside[0].number - 1 if aside else None)
    with running():
        published, verdict = refreshing.refresh(version, data, aside, shop.store, progress)

    def end() -> None:
        with shop.database.session() as session:
            if published is not None:
                _enter(session, version, published, job.id)
            jobs.advance(session, job.id, worker, 1, 1, {"verdict": asdict(verdict)})
            jobs.finish(session, job.id, worker, "done")

    return end


def _heard(version: Version) -> int:
    return version.manifest().heard


def _enter(session: Session, before: Version, version: Version, job_id: int) -> None:
    """Its quality is that of the one before: it is measured on the data set alone, where both learn the same."""
    enter(session, version, job_id)
    known = model_versions.book(session).get((before.slug, before.name))
    if known is not None:
        model_versions.measured(session, version.slug, version.name, known.metrics)
