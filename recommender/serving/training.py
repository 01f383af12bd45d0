"""Training one model and publishing what it learned."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from recommender.data.dataset import Dataset
from recommender.errors import MarqueeError
from recommender.models.base import Config, Progress, silent
from recommender.models.registry import model_class
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.serving.manifest import Manifest, digest


def configured(slug: str, settings: Mapping[str, Any]) -> Config:
    """The config of a model with some settings changed. Raises MarqueeError for a name or value that it does not take."""
    cls = model_class(slug).Config
    try:
        return cls.model_validate(dict(settings))
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        if first["type"] == "extra_forbidden":
            raise MarqueeError(f"{slug} has no setting {name}; it has {', '.join(cls.model_fields)}.") from error
        raise MarqueeError(f"{slug}: {name} = {first['input']!r} does not do: {first['msg'].lower()}.") from error


def train(
    slug: str,
    dataset: Dataset,
    store: ArtifactStore,
    settings: Mapping[str, Any] | None = None,
    progress: Progress = silent,
) -> Version:
    """Fit a model to all of `dataset` and let it serve. `Cancelled` from `progress` leaves everything as it was.

    Raises MarqueeError for settings that do not exist and for a folder that cannot be written.
    """
    config = configured(slug, settings or {})
    if not len(dataset.interactions):
        raise MarqueeError(f"{dataset.name} has no ratings, so there is nothing to learn from.")
    began = time.perf_counter()
    model = model_class(slug)(config).fit(dataset.interactions, dataset.catalog, progress)
    manifest = Manifest(
        model=model.card.name,
        dataset=dataset.name,
        fingerprint=dataset.fingerprint,
        movies_digest=digest(dataset.catalog.movie_ids),
        interactions=len(dataset.interactions),
        people=dataset.interactions.n_users,
        config=config.model_dump(),
        seconds=round(time.perf_counter() - began, 3),
    )
    return store.publish(slug, model, dataset.catalog.movie_ids, manifest)
