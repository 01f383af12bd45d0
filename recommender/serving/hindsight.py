"""A real movie as if it were new: what each model says from its features alone, against the people who really loved it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.errors import MarqueeError
from recommender.models.abilities import Places
from recommender.models.base import ModelCard
from recommender.serving.answers import Served
from recommender.serving.engine import Engine
from recommender.serving.premiere import rank_among

LOVED = 4.0
"""Stars from which somebody loved it."""
ASKED = 60
"""People of each kind that are asked at most; of more so many are drawn."""
FEWEST = 5
"""Lovers without whom a comparison says nothing."""
RESAMPLES = 1_000
EDGES = (2.5, 97.5)
"""Percentiles of a 95 % interval."""


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval over people, by the bootstrap (Efron 1979)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Hindsight:
    """What one model said."""

    card: ModelCard
    lovers: Estimate
    """Median rank of the movie among all that each of those who loved it had not rated, from its features alone."""
    others: Estimate
    """The same for people who never rated it."""
    told_apart: Estimate
    """How often it ranks better for one who loved it than for one who never rated it, 0..1; 0.5 is chance."""
    with_ratings: float
    """Median rank for those who loved it when the model may use what it learned from its ratings."""


@dataclass(frozen=True)
class Past:
    """What really happened, and who is asked."""

    ratings: int
    mean_stars: float
    loved: int
    asked_lovers: int
    asked_others: int
    said: tuple[Hindsight, ...]


def hindsight(engine: Engine, interactions: Interactions, item: int, seed: int = 0) -> Past:
    """Ask every model that places movies. The movie is taken out of the histories of those who are asked."""
    of_it = interactions.item == item
    stars = interactions.rating[of_it]
    lovers, others = _drawn(interactions, of_it, seed)
    said = []
    if len(lovers) >= FEWEST and len(others) >= FEWEST:
        everybody = Histories.from_interactions(interactions.select(~of_it))
        people = everybody.select(np.concatenate([lovers, others]))
        as_new = Catalog(engine.catalog.frame[[item]])
        for served in engine.served():
            if isinstance(served.model, Places):
                try:
                    said.append(_asked(engine, served, people, item, as_new, len(lovers), seed))
                except MarqueeError:
                    continue  # its text model is missing, which the page says where it says who cannot see movies
    mean = float(stars.mean()) if len(stars) else 0.0
    return Past(len(stars), mean, int((stars >= LOVED).sum()), len(lovers), len(others), tuple(said))


def _drawn(
    interactions: Interactions, of_it: NDArray[np.bool_], seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of those who loved it and of those who never rated it, all with another rating, `ASKED` each at most."""
    rng = np.random.default_rng(seed)
    rest = np.bincount(interactions.user[~of_it], minlength=interactions.n_users) > 0
    loved, rated = np.zeros((2, interactions.n_users), bool)
    loved[interactions.user[of_it & (interactions.rating >= LOVED)]] = True
    rated[interactions.user[of_it]] = True
    lovers, others = (np.sort(rng.permutation(np.flatnonzero(kind & rest))[:ASKED]) for kind in (loved, ~rated))
    return lovers, others


def _asked(
    engine: Engine, served: Served, people: Histories, item: int, as_new: Catalog, lovers: int, seed: int
) -> Hindsight:
    assert isinstance(served.model, Places)
    scores = served.model.score(people)
    placed = served.model.place(people, engine.catalog, as_new)[:, 0]
    ranks, known = np.empty((2, len(people)))
    for b, (row, score) in enumerate(zip(scores, placed, strict=True)):
        out = np.append(people.items[people.offsets[b] : people.offsets[b + 1]], item).astype(np.int32)
        ranks[b] = rank_among(row, out, float(score))
        known[b] = rank_among(row, out, float(row[item]))
    loved, others = ranks[:lovers], ranks[lovers:]
    rng = np.random.default_rng(seed)
    draws = [rng.integers(0, len(group), (RESAMPLES, len(group))) for group in (loved, others)]
    better = (loved[:, None] < others) + 0.5 * (loved[:, None] == others)
    by_draw = [better[one][:, other].mean() for one, other in zip(*draws, strict=True)]
    return Hindsight(
        served.card,
        _estimate(np.median(loved), np.median(loved[draws[0]], axis=1)),
        _estimate(np.median(others), np.median(others[draws[1]], axis=1)),
        _estimate(better.mean(), np.array(by_draw)),
        float(np.median(known[:lovers])),
    )


def _estimate(value: np.floating, resampled: NDArray[np.float64]) -> Estimate:
    low, high = np.percentile(resampled, EDGES)
    return Estimate(float(value), float(low), float(high))
