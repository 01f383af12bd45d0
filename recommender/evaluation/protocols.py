"""Protocols: how to ask whether a model is any good. Each is one split of the data; the figures are the same for all."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import mean
from typing import NamedTuple

import numpy as np

from recommender.data import Interactions, splits
from recommender.data.dataset import Dataset
from recommender.data.splits import Split
from recommender.errors import MarqueeError
from recommender.evaluation.cold_items import measure_new
from recommender.evaluation.measure import Models, measure
from recommender.evaluation.report import Report
from recommender.models.base import Progress, silent


class Protocol(NamedTuple):
    """One way to split, once or several times, and what it asks in words."""

    sentence: str
    splits: Callable[[Interactions, int], tuple[Split, ...]]


COLD_ITEM = "cold-item"
PROTOCOLS = {
    "leave-last": Protocol(
        "Everybody's last rating is hidden. Models learn from the rest, the later ratings of other people included, so they "
        "know a little of the future.",
        lambda interactions, seed: (splits.leave_last(interactions),),
    ),
    "temporal": Protocol(
        "Models learn only from what came before one moment in time, and are asked about what came after it: the honest way, "
        "and harder, since nobody has rated the newest movies yet.",
        lambda interactions, seed: (splits.temporal(interactions),),
    ),
    "cold-user": Protocol(
        "New people, of whom models learned nothing, show none to 20 of their first ratings; what they rated after those is hidden.",
        lambda interactions, seed: (splits.cold_user(interactions, seed),),
    ),
    COLD_ITEM: Protocol(
        "New movies, of which models never saw a rating: only models that read what the movies are can place them. Beside them a "
        "random order, and how popular movies of the same genres are.",
        splits.cold_item,
    ),
}


def evaluate(dataset: Dataset, protocol: str, models: Models, *, seed: int = 0, progress: Progress = silent) -> Report:
    """Fit `models` anew on the protocol's training part of `dataset`, rank the whole catalogue without what was seen, measure.

    `models` names what makes each model by slug: `{slug: registry.model_class(slug) for slug in slugs}`. `progress` may
    raise `Cancelled`. Raises MarqueeError for an unknown protocol, for models that cannot take part, and for too little data.
    """
    if protocol not in PROTOCOLS:
        raise MarqueeError(f"There is no protocol {protocol}; choose from {', '.join(PROTOCOLS)}.")
    if not models:
        raise MarqueeError("No model is named; name one at least.")
    if not len(dataset.interactions):
        raise MarqueeError(f"{dataset.name} has no ratings, so there is nothing to ask about.")
    if protocol == COLD_ITEM:
        blind = [slug for slug, make in models.items() if not make().card.scores_cold_items]
        if blind:
            raise MarqueeError(
                f"{', '.join(blind)} cannot place movies that nobody rated; cold-item takes models that read the movies' features."
            )
    began = time.perf_counter()
    drawn = PROTOCOLS[protocol].splits(dataset.interactions, seed)
    if protocol == COLD_ITEM:
        measured = measure_new(dataset.catalog, drawn, models, seed=seed, progress=progress)
    else:
        measured = measure(dataset.catalog, drawn[0], models, seed=seed, progress=progress)
    return Report(
        protocol=protocol,
        sentence=PROTOCOLS[protocol].sentence,
        dataset=dataset.name,
        fingerprint=dataset.fingerprint,
        movies=len(dataset.catalog),
        ratings=len(dataset.interactions),
        training_ratings=round(mean(len(split.train) for split in drawn)),
        training_people=round(mean(len(np.unique(split.train.user)) for split in drawn)),
        seed=seed,
        models=measured.models,
        trials=measured.trials,
        seconds=round(time.perf_counter() - began, 3),
    )
