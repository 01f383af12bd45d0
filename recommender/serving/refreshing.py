"""Refreshing a version: the same model with the newest ratings, and whether it may take the place of the one that serves."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.data import Histories
from recommender.data.dataset import Dataset
from recommender.models.abilities import Refreshes
from recommender.models.base import Progress, Recommender, silent
from recommender.models.registry import model_class
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.serving.live import Given
from recommender.serving.manifest import Manifest, digest
from recommender.serving.training import configured
from recommender.training.validation import Held

SHARE = 5
"""One in so many of the new ratings, the newest, is kept aside to judge by; at least one."""
WATCHED_FROM = 2.5
"""Stars from which a model is asked to have foreseen a rating."""


@dataclass(frozen=True)
class Verdict:
    """How well a version found the newest ratings, which neither it nor the one that serves has learned from."""

    before: float
    """Mean NDCG over whole lists of the version that serves, 0..1."""
    after: float
    """The same of the refreshed one."""
    n: int
    """Ratings that were looked for."""

    @property
    def promotes(self) -> bool:
        """Whether the refreshed version is no worse; nothing speaks against it where nothing could be looked for."""
        return self.after >= self.before


def kept_aside(new: Sequence[Given]) -> Sequence[Given]:
    """The newest of some new ratings, in order, which are to judge by: nothing from the first of them on is learned from."""
    return new[len(new) - max(1, len(new) // SHARE) :] if new else []


def refresh(
    version: Version,
    dataset: Dataset,
    aside: Sequence[Given],
    store: ArtifactStore,
    progress: Progress = silent,
) -> tuple[Version | None, Verdict]:
    """Learn `dataset` anew, from where `version` ended if the model can; published only if it is no worse on what was kept `aside`.

    Raises MarqueeError for a version that cannot be loaded and for a folder that cannot be written.
    """
    began = time.perf_counter()
    old, config = version.load(), configured(version.slug, version.manifest().config)
    model = model_class(version.slug)(config)
    if isinstance(model, Refreshes):
        model.refresh(old, dataset.interactions, dataset.catalog, progress)
    else:
        model.fit(dataset.interactions, dataset.catalog, progress)
    verdict = compare(old, model, aside)
    if not verdict.promotes:
        return None, verdict
    manifest = Manifest(
        model=model.card.name,
        dataset=dataset.name,
        fingerprint=dataset.fingerprint,
        movies_digest=digest(dataset.catalog.movie_ids),
        interactions=len(dataset.interactions),
        people=dataset.interactions.n_users,
        config=config.model_dump(),
        seconds=round(time.perf_counter() - began, 3),
        heard=dataset.heard,
    )
    return store.publish(version.slug, model, dataset.catalog.movie_ids, manifest), verdict


def compare(before: Recommender, after: Recommender, aside: Sequence[Given]) -> Verdict:
    """Both asked for the same movies, with what each person had rated before: mean of 1 / log2(1 + rank)."""
    wanted = [given for given in aside if given.item >= 0 and given.stars >= WATCHED_FROM]
    if not wanted:
        return Verdict(0.0, 0.0, 0)
    known = [given.before for given in wanted]
    held = Held(
        Histories.of([(one.items, one.ratings, one.timestamps) for one in known]),
        np.array([given.item for given in wanted], np.int32),
    )
    gains = [float((1 / np.log2(1 + held.ranks(model.score))).mean()) for model in (before, after)]
    return Verdict(gains[0], gains[1], len(wanted))
