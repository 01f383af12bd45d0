"""Training one model and publishing what it learned."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from recommender.data.dataset import Dataset
from recommender.errors import MarqueeError
from recommender.models.base import Cancelled, Config, Progress, Recommender, silent
from recommender.models.registry import model_class
from recommender.serving import unfinished
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.serving.manifest import Manifest, digest
from recommender.training import log as epochs
from recommender.training.run import Device, running


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
    device: Device = "auto",
) -> Version:
    """Fit a model to all of `dataset` and let it serve. `Cancelled` from `progress` leaves everything as it was.

    A training that was killed goes on where it was when the same is asked for again. Raises MarqueeError for settings that do
    not exist and for a folder that cannot be written.
    """
    model = model_class(slug)(configured(slug, settings or {}))
    manifest = learn(model, dataset, store, progress, device)
    log = unfinished.place(store.root, slug) / epochs.FILE
    version = store.publish(slug, model, dataset.catalog.movie_ids, manifest, [log] if log.is_file() else [])
    unfinished.forget(store.root, slug)
    return version


def learn(
    model: Recommender, dataset: Dataset, store: ArtifactStore, progress: Progress = silent, device: Device = "auto"
) -> Manifest:
    """`train` up to publishing, which of the processes of a torchrun the first does alone."""
    slug = model.card.slug
    if not len(dataset.interactions):
        raise MarqueeError(f"{dataset.name} has no ratings, so there is nothing to learn from.")
    began = time.perf_counter()
    try:
        with running(device, unfinished.place(store.root, slug)):
            model.fit(dataset.interactions, dataset.catalog, progress)
    except Cancelled:
        unfinished.forget(store.root, slug)
        raise
    return Manifest(
        model=model.card.name,
        dataset=dataset.name,
        fingerprint=dataset.fingerprint,
        movies_digest=digest(dataset.catalog.movie_ids),
        interactions=len(dataset.interactions),
        people=dataset.interactions.n_users,
        config=model.config.model_dump(),
        heard=dataset.heard,
        seconds=round(time.perf_counter() - began, 3),
    )
