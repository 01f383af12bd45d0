"""The models as the workshop sees them: what stands on the shelf, how good it is, what is being worked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import jobs as desk
from app.resources import house
from db import jobs, model_versions
from db.base import now
from db.jobs import Job
from db.model_versions import ModelVersion
from recommender.errors import MarqueeError
from recommender.models import registry
from recommender.models.base import Config, ModelCard
from recommender.serving.answers import Served
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.serving.manifest import Manifest
from recommender.serving.refreshing import Verdict

UNATTENDED_SECONDS = 15.0
"""A living worker picks up a job, or tells of its progress, sooner than that."""


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
    metrics: Mapping[str, Metric]
    """Of the version that serves, by name ("ndcg@10"); empty until it is measured."""
    training: Job | None
    """Its latest training, whatever became of it."""
    refreshing: Job | None
    """Its latest refresh since it was trained, whatever became of it."""
    measuring: Job | None
    """Its latest evaluation, whatever became of it."""
    problem: str | None
    """Why it cannot serve as it should."""

    @property
    def manifest(self) -> Manifest | None:
        """Of the version that serves; None for popularity before anything was trained."""
        return self.served.manifest if self.served else None

    @property
    def working(self) -> Job | None:
        """Its training, refresh or evaluation that waits or runs."""
        return next((job for job in self._latest if job and job.state in jobs.OPEN), None)

    @property
    def failed(self) -> Job | None:
        """Its latest training, refresh or evaluation, if that failed."""
        return next((job for job in self._latest if job and job.state == "failed"), None)

    @property
    def verdict(self) -> Verdict | None:
        """What its latest refresh found; None when there was none, or it did not come to its end."""
        found = self.refreshing.metrics.get("verdict") if self.refreshing and self.refreshing.state == "done" else None
        return Verdict(**found) if found else None

    @property
    def _latest(self) -> tuple[Job | None, ...]:
        return self.training, self.refreshing, self.measuring


@dataclass(frozen=True)
class Kept:
    """A version on disk that can be served again."""

    version: Version
    created: datetime
    changes: Mapping[str, Any]
    """Settings that differ from their defaults."""
    metrics: Mapping[str, Metric]
    serves: bool


def shelf() -> list[Shelved]:
    """Every model of the house, trained or not, by slug; jobs that lost their worker are marked as failed before."""
    desk.mark_lost(house().database)
    engine = house().engine
    served = {model.card.slug: model for model in engine.served()}
    problems = {problem.slug: problem.sentence for problem in engine.problems()}
    with house().database.reading() as rows:
        book = model_versions.book(rows)
        latest = jobs.latest(rows)
    return [
        Shelved(
            card,
            seat := served.get(slug),
            _metrics(book.get((slug, seat.version))) if seat else {},
            trained := latest.get(("train", slug)),
            _since(latest.get(("refresh", slug)), trained),
            latest.get(("evaluate", slug)),
            problems.get(slug),
        )
        for slug, card in house().cards.items()
    ]


def found(shelf: Sequence[Shelved], protocol: str) -> dict[str, dict[str, Any]]:
    """What an evaluation by another protocol than leave-last found for the versions that serve, by slug."""
    with house().database.reading() as rows:
        book = model_versions.book(rows)
    serving = {model.card.slug: book.get((model.card.slug, model.served.version)) for model in shelf if model.served}
    return {slug: row.metrics[protocol] for slug, row in serving.items() if row and protocol in row.metrics}


def versions(model: Shelved) -> list[Kept]:
    """The versions of a model that lie whole on disk, newest first."""
    with house().database.reading() as rows:
        book = model_versions.book(rows)
    slug = model.card.slug
    kept = []
    for version in ArtifactStore(house().settings.models).versions(slug):
        try:
            manifest = version.manifest()
        except MarqueeError:
            continue
        serves = model.served is not None and model.served.version == version.name
        found = _metrics(book.get((slug, version.name)))
        kept.append(Kept(version, manifest.created, changes(slug, manifest.config), found, serves))
    return kept


def active() -> list[Job]:
    """Jobs that wait or run, in the order in which they came; those that lost their worker are marked as failed before."""
    desk.mark_lost(house().database)
    with house().database.reading() as rows:
        return jobs.active(rows)


def unattended(waiting: Sequence[Job]) -> bool:
    """Whether work waits and no worker has given a sign of life for a while."""
    signs = [sign for job in waiting for sign in (job.created, job.heartbeat) if sign is not None]
    return bool(signs) and now() - max(signs) > UNATTENDED_SECONDS


def train(wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """Ask for trainings: slug -> settings that differ from the default."""
    desk.ask(house().database, house().settings, "train", wanted)


def measure(slugs: Sequence[str], protocol: str | None = None) -> None:
    """Ask for the serving versions of these models to be measured; by leave-last unless a protocol is named."""
    settings = {} if protocol is None else {"protocol": protocol}
    desk.ask(house().database, house().settings, "evaluate", dict.fromkeys(slugs, settings))


def retry(job_id: int) -> None:
    """Ask for the same work again."""
    desk.retry(house().database, house().settings, job_id)


def cancel(job_ids: Sequence[int]) -> None:
    """Ask for jobs to be stopped."""
    with house().database.session() as rows:
        for job_id in job_ids:
            jobs.request_cancel(rows, job_id)


def serve(slug: str, version: str) -> None:
    """Let an earlier version serve again. Raises MarqueeError when it is gone or the disk cannot be written."""
    try:
        ArtifactStore(house().settings.models).activate(slug, version)
    except OSError as error:
        raise MarqueeError(
            f"The folder {house().settings.models} cannot be written ({error.strerror}); the version did not change."
        ) from error
    house().engine.refresh()


def config_of(slug: str) -> type[Config]:
    """The hyper-parameters that a model takes."""
    return registry.model_class(slug).Config


def changes(slug: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a config that differ from their defaults."""
    fields = config_of(slug).model_fields
    return {name: value for name, value in config.items() if name in fields and value != fields[name].default}


def _since(job: Job | None, other: Job | None) -> Job | None:
    return None if job and other and job.id < other.id else job


def _metrics(row: ModelVersion | None) -> dict[str, Metric]:
    return {} if row is None else {name: found for name, value in row.metrics.items() if (found := metric(value))}


def metric(value: Any) -> Metric | None:
    """A figure as the book of versions keeps it; None for anything else."""
    try:
        return Metric(float(value["value"]), float(value["low"]), float(value["high"]), int(value["n"]))
    except (TypeError, KeyError, ValueError):
        return None
