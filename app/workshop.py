"""The models as the workshop sees them: what stands on the shelf, how good it is, what is being worked on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.resources import house
from db import jobs, model_versions
from db.base import now
from db.jobs import Job
from recommender.models.base import ModelCard
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.serving.engine import Served
from recommender.serving.manifest import Manifest

PATIENCE_SECONDS = 15
"""A living worker picks up a job, or tells of its progress, sooner than that."""
RECENT = 60


@dataclass(frozen=True)
class Metric:
    """A measured quality with its 95 % interval, over n people."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Shelved:
    """One model of the house."""

    card: ModelCard
    served: Served | None
    """None while it has never been trained."""
    versions: tuple[Version, ...]
    """Newest first."""
    metrics: Mapping[str, Metric]
    working: Job | None
    """Its training that waits or runs."""
    failed: Job | None
    """Its last training, if that failed."""
    problem: str | None
    """Why it cannot serve as it should."""

    @property
    def manifest(self) -> Manifest | None:
        """Of the version that serves."""
        return self.served.manifest if self.served else None


def shelf() -> list[Shelved]:
    """Every model of the house, trained or not, by name."""
    engine, store = house().engine, artifacts()
    served = {model.card.slug: model for model in engine.served()}
    problems = {problem.slug: problem.sentence for problem in engine.problems()}
    with house().database.reading() as rows:
        measured = model_versions.latest_metrics(rows)
        latest: dict[str, Job] = {}
        for job in jobs.recent(rows, RECENT):
            if job.kind == "train" and job.model is not None:
                latest.setdefault(job.model, job)
    return [
        Shelved(
            card,
            served.get(slug),
            tuple(store.versions(slug)),
            {name: metric for name, value in measured.get(slug, {}).items() if (metric := _metric(value))},
            job if (job := latest.get(slug)) and job.state in jobs.OPEN else None,
            job if job and job.state == "failed" else None,
            problems.get(slug),
        )
        for slug, card in house().cards.items()
    ]


def artifacts() -> ArtifactStore:
    """The trained versions on disk."""
    return ArtifactStore(house().settings.models)


def active() -> list[Job]:
    """Jobs that wait or run, in the order in which they came."""
    with house().database.reading() as rows:
        return jobs.active(rows)


def failures() -> list[Job]:
    """Evaluations that failed and were not tried again since."""
    with house().database.reading() as rows:
        last = next((job for job in jobs.recent(rows, RECENT) if job.kind == "evaluate"), None)
    return [last] if last is not None and last.state == "failed" else []


def unattended(waiting: list[Job]) -> bool:
    """Whether work waits and no worker has given a sign of life for a while."""
    signs = [sign for job in waiting for sign in (job.created, job.heartbeat) if sign is not None]
    return bool(signs) and now() - max(signs) > PATIENCE_SECONDS


def cancel(job_id: int) -> None:
    """Ask for a job to be stopped."""
    with house().database.session() as rows:
        jobs.request_cancel(rows, job_id)


def _metric(value: Any) -> Metric | None:
    try:
        return Metric(float(value["value"]), float(value["low"]), float(value["high"]), int(value["n"]))
    except (TypeError, KeyError, ValueError):
        return None
