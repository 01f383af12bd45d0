"""Jobs: training and evaluation as the pages see them. The queue only wakes the worker; this table is the truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast, get_args

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base, Key, Moment, now
from db.errors import DatabaseError

Kind = Literal["train", "refresh", "evaluate"]
Ending = Literal["done", "failed", "cancelled"]
OPEN = ("queued", "running")
STATES = (*OPEN, *get_args(Ending))


class Job(Base):
    """One piece of work and what became of it."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("kind in ('train', 'refresh', 'evaluate')", name="kind"),
        CheckConstraint("state in ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
        Index("ix_jobs_state", "state"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(8))
    model: Mapped[str | None] = mapped_column(String(64))
    """Slug; None for work on all models."""
    settings: Mapped[dict[str, Any]]
    """Overrides of the model's Config, by name."""
    state: Mapped[str] = mapped_column(String(9))
    step: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    metrics: Mapped[dict[str, Any]]
    reason: Mapped[str | None]
    """Why it failed, in one sentence."""
    worker: Mapped[str | None] = mapped_column(String(64))
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    retry_of: Mapped[int | None] = mapped_column(ForeignKey("jobs.id", ondelete="set null"))
    created: Mapped[Moment]
    started: Mapped[Moment | None]
    heartbeat: Mapped[Moment | None]
    finished: Mapped[Moment | None]


def enqueue(
    session: Session,
    kind: Kind,
    model: str | None = None,
    settings: Mapping[str, Any] | None = None,
    retry_of: int | None = None,
) -> Job:
    """A new job. An open one of the same kind, model and settings is returned instead: two clicks are one wish."""
    if session.get_bind().dialect.name == "postgresql":  # on SQLite a writer is alone anyway
        session.execute(text("lock table jobs in share row exclusive mode"))
    wanted = dict(settings or {})
    for job in active(session):
        if (job.kind, job.model, job.settings) == (kind, model, wanted) and not job.cancel_requested:
            return job
    job = Job(kind=kind, model=model, settings=wanted, state="queued", metrics={}, retry_of=retry_of, created=now())
    session.add(job)
    session.flush()
    return job


def get(session: Session, job_id: int) -> Job:
    """The job. Raises DatabaseError when there is none."""
    job = session.get(Job, job_id)
    if job is None:
        raise DatabaseError(f"There is no job {job_id}.")
    return job


def active(session: Session) -> list[Job]:
    """Jobs that wait or run, in the order in which they came."""
    return list(session.scalars(select(Job).where(Job.state.in_(OPEN)).order_by(Job.id)))


def running(session: Session, worker: str | None = None) -> list[Job]:
    """Jobs that run, of one worker or of all."""
    chosen = select(Job).where(Job.state == "running").order_by(Job.id)
    return list(session.scalars(chosen if worker is None else chosen.where(Job.worker == worker)))


def waits(session: Session) -> bool:
    """Whether any job is queued."""
    return session.scalar(select(Job.id).where(Job.state == "queued").limit(1)) is not None


def latest(session: Session) -> dict[tuple[str, str | None], Job]:
    """The latest job by kind and model, whatever became of it."""
    newest = select(func.max(Job.id)).group_by(Job.kind, Job.model)
    return {(job.kind, job.model): job for job in session.scalars(select(Job).where(Job.id.in_(newest)))}


def counts(session: Session) -> dict[str, int]:
    """How many jobs are in each state; all states are named."""
    found = dict(session.execute(select(Job.state, func.count()).group_by(Job.state)).tuples().all())
    return {state: found.get(state, 0) for state in STATES}


def claim(session: Session, worker: str) -> Job | None:
    """The next queued job, from now on this worker's; None when nothing waits. Trainings go before refreshes, and those before evaluations."""
    for job_id in session.scalars(select(Job.id).where(Job.state == "queued").order_by(Job.kind.desc(), Job.id)):
        claimed = session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == "queued")
            .values(state="running", worker=worker, started=now(), heartbeat=now())
            .returning(Job.id)
        ).scalar_one_or_none()
        if claimed is not None:
            return session.get(Job, claimed, populate_existing=True)
    return None


def requeue(session: Session, worker: str) -> list[int]:
    """Hand the running jobs of a worker that stops back to the queue. Returns their ids."""
    return list(
        session.scalars(
            update(Job)
            .where(Job.state == "running", Job.worker == worker)
            .values(state="queued", worker=None, started=None, heartbeat=None, step=0, total=0)
            .returning(Job.id)
        )
    )


def advance(session: Session, job_id: int, worker: str, step: int, total: int, metrics: Mapping[str, Any]) -> bool:
    """Note progress and life. Returns whether to stop: somebody asked to cancel, or the job is no longer this worker's."""
    return _alive(session, job_id, worker, {"step": step, "total": total, "metrics": dict(metrics)})


def beat(session: Session, job_id: int, worker: str) -> bool:
    """Note life alone. Returns what `advance` does."""
    return _alive(session, job_id, worker, {})


def _alive(session: Session, job_id: int, worker: str, values: dict[str, Any]) -> bool:
    cancel = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "running", Job.worker == worker)
        .values(heartbeat=now(), **values)
        .returning(Job.cancel_requested)
    ).scalar_one_or_none()
    return cancel is None or cancel


def finish(
    session: Session,
    job_id: int,
    worker: str | None,
    state: Ending,
    reason: str | None = None,
) -> bool:
    """End a job that this worker runs. False, and nothing changes, when it ended already or is another worker's."""
    ended = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "running", Job.worker == worker)
        .values(state=state, reason=reason, finished=now())
        .returning(Job.id)
    )
    return ended.scalar_one_or_none() is not None


def request_cancel(session: Session, job_id: int) -> None:
    """Ask a running job to stop; a queued one is cancelled at once."""
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "queued")
        .values(state="cancelled", cancel_requested=True, finished=now())
    )
    session.execute(update(Job).where(Job.id == job_id, Job.state == "running").values(cancel_requested=True))


def retry(session: Session, job_id: int) -> Job:
    """The same work again, as a new job. Raises DatabaseError while the old one is not over."""
    old = get(session, job_id)
    if old.state in OPEN:
        raise DatabaseError("This job is still open; cancel it before trying again.")
    return enqueue(session, cast(Kind, old.kind), old.model, old.settings, retry_of=old.id)
