"""Versions of models: what was trained, when, on what, how good it is. The arrays lie on disk; this is the book about them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base, Key, Moment, now


class ModelVersion(Base):
    """One trained version."""

    __tablename__ = "model_versions"
    __table_args__ = (UniqueConstraint("model", "version", name="uq_model_versions_model_version"),)

    id: Mapped[Key]
    model: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(64))
    created: Mapped[Moment]
    seconds: Mapped[float]
    """Of training."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of the data it was trained on."""
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id", ondelete="set null"))
    metrics: Mapped[dict[str, Any]]
    """Name -> {value, low, high, n}; empty until it is evaluated."""


def add(
    session: Session, model: str, version: str, seconds: float, fingerprint: str, job_id: int | None = None
) -> ModelVersion:
    """Enter a new version in the book."""
    row = ModelVersion(
        model=model,
        version=version,
        created=now(),
        seconds=seconds,
        fingerprint=fingerprint,
        job_id=job_id,
        metrics={},
    )
    session.add(row)
    session.flush()
    return row


def of(session: Session, model: str) -> list[ModelVersion]:
    """All versions of a model, newest first."""
    return list(
        session.scalars(select(ModelVersion).where(ModelVersion.model == model).order_by(ModelVersion.id.desc()))
    )


def latest_metrics(session: Session) -> dict[str, dict[str, Any]]:
    """The newest metrics of each model that has any, by slug."""
    rows = session.scalars(select(ModelVersion).order_by(ModelVersion.id))
    return {row.model: row.metrics for row in rows if row.metrics}


def measured(session: Session, model: str, metrics: dict[str, Any]) -> bool:
    """Enter what an evaluation found for the newest version of a model. False when the book has no version of it."""
    row = session.scalar(
        select(ModelVersion).where(ModelVersion.model == model).order_by(ModelVersion.id.desc()).limit(1)
    )
    if row is None:
        return False
    row.metrics = metrics
    return True
