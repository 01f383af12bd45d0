"""Jobs: training and evaluation as the pages see them. The queue only wakes the worker; this table is the truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base, Key, Moment, now
from db.errors import DatabaseError

Kind = Literal["train", "evaluate"]
OPEN = ("queued", "running")


class Job(Base):
    """One piece of work and what became of it."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("kind in ('train', 'evaluate')", name="kind"),
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


def recent(session: Session, limit: int = 20) -> list[Job]:
    """The latest jobs of every state, newest first."""
    return list(session.scalars(select(Job).order_by(Job.id.desc()).limit(limit)))


def last_of(session: Session, model: str) -> Job | None:
    """The latest training of a model."""
    return session.scalar(select(Job).where(Job.model == model, Job.kind == "train").order_by(Job.id.desc()).limit(1))


def start(session: Session, job_id: int, worker: str) -> Job | None:
    """Claim a queued job for a worker; None when another has it, or it was cancelled meanwhile."""
    claimed = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "queued")
        .values(state="running", worker=worker, started=now(), heartbeat=now())
        .returning(Job.id)
    ).scalar_one_or_none()
    return None if claimed is None else session.get(Job, claimed, populate_existing=True)


def advance(session: Session, job_id: int, step: int, total: int, metrics: Mapping[str, float]) -> bool:
    """Note progress and life. Returns whether somebody asked to cancel, or the job is no longer ours to run."""
    state = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "running")
        .values(step=step, total=total, metrics=dict(metrics), heartbeat=now())
        .returning(Job.cancel_requested)
    ).scalar_one_or_none()
    return state is None or state


def finish(
    session: Session, job_id: int, state: Literal["done", "failed", "cancelled"], reason: str | None = None
) -> None:
    """End a running job. A job that ended already stays as it ended."""
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "running")
        .values(state=state, reason=reason, finished=now(), heartbeat=now())
    )


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
    kind: Kind = "train" if old.kind == "train" else "evaluate"
    return enqueue(session, kind, old.model, old.settings, retry_of=old.id)


def abandon(session: Session, reason: str, keep_worker: str | None = None) -> list[int]:
    """Mark the running jobs of workers other than `keep_worker` as failed. Returns their ids."""
    condition = [Job.state == "running"]
    if keep_worker is not None:
        condition.append(Job.worker != keep_worker)
    return list(
        session.scalars(
            update(Job).where(*condition).values(state="failed", reason=reason, finished=now()).returning(Job.id)
        )
    )
