"""Versions of models: what was trained, when, on what, how good it is. The arrays lie on disk; this is the book about them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select, update
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
    """Name -> {value, low, high, n}; empty until it is evaluated. What other protocols found stands below their own names."""


def add(
    session: Session, model: str, version: str, seconds: float, fingerprint: str, job_id: int | None = None
) -> ModelVersion:
    """Enter a version in the book; one that another worker entered already is returned as it stands."""
    known = session.scalar(select(ModelVersion).where(ModelVersion.model == model, ModelVersion.version == version))
    if known is not None:
        return known
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


def book(session: Session) -> dict[tuple[str, str], ModelVersion]:
    """Every version in the book by (slug, version), oldest first."""
    rows = session.scalars(select(ModelVersion).order_by(ModelVersion.id))
    return {(row.model, row.version): row for row in rows}


def measured(session: Session, model: str, version: str, metrics: dict[str, Any]) -> bool:
    """Enter what an evaluation found for a version, beside what others found. False when it is not in the book."""
    this = ModelVersion.model == model, ModelVersion.version == version
    known = session.scalar(select(ModelVersion.metrics).where(*this).with_for_update())
    if known is None:
        return False
    session.execute(update(ModelVersion).where(*this).values(metrics={**known, **metrics}))
    return True
