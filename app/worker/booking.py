"""The book of versions, as the worker keeps it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from db import model_versions
from recommender.serving.artifacts import Version


def enter(session: Session, version: Version, job_id: int | None = None) -> None:
    """Enter a published version."""
    manifest = version.manifest()
    model_versions.add(session, version.slug, version.name, manifest.seconds, manifest.fingerprint, job_id)
