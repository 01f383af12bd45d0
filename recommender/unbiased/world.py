"""The world of the simulator: real people, movies that they rated later, and how relevant each truly was to them.

Everybody's ratings are cut in half by time. The first halves make the features: what a movie is like, what a person is like, how
the two fit. The second halves are the truth that rankers are asked about, and of which clicks are simulated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

from recommender.data import Catalog, Histories, Interactions
from recommender.errors import MarqueeError
from recommender.layers.item_vectors import collaborative_vectors

LEAST = 20
"""Ratings that somebody's second half must hold: as many as a list has places."""
JUDGES = 0.4
"""Share of the people on whom rankers are judged; they click on nothing. Source: our choice."""
DIM = 16
"""Numbers in the vector of a movie. Source: our choice, not swept."""
SHRINKAGE = 5.0
"""Ratings of an average movie that every movie's mean is mixed with."""
BEST = 4
"""The highest grade: five stars."""


@dataclass(frozen=True, eq=False)
class World:
    """Rows are pairs of a person and a movie that the person rated in the second half; each person's stand together."""

    features: NDArray[np.float32]
    """`[n_rows, n_features]`, of mean 0 and spread 1 over all rows."""
    grades: NDArray[np.int64]
    """0..4, `[n_rows]`: one for each star begun, less one."""
    offsets: NDArray[np.int64]
    """Where each person's rows begin, `[n_people + 1]`."""
    liked: NDArray[np.float64]
    """Mean stars of the movie in the first halves, as a standard score, `[n_rows]`."""
    newness: NDArray[np.float64]
    """Year of the movie, as a standard score, `[n_rows]`."""
    learners: NDArray[np.int64]
    """People whose clicks are learned from."""
    judges: NDArray[np.int64]
    """All others."""

    def rows_of(self, person: int) -> NDArray[np.int64]:
        """Somebody's rows."""
        return np.arange(self.offsets[person], self.offsets[person + 1])


def world_of(interactions: Interactions, catalog: Catalog, least: int = LEAST, seed: int = 0) -> World:
    """Cut, describe, grade. Raises MarqueeError where fewer than four people have rated enough."""
    place = np.arange(len(interactions)) - interactions.offsets[interactions.user]
    count = np.diff(interactions.offsets)
    early = place < (count - count // 2)[interactions.user]
    able = np.flatnonzero(count // 2 >= least)
    if len(able) < 4:
        raise MarqueeError(
            f"Clicks are simulated over people with {2 * least} ratings or more, and there must be four."
        )
    before = interactions.select(early)
    after = interactions.select(~early & np.isin(interactions.user, able))
    person = np.searchsorted(able, after.user)
    features, liked, newness = _described(before, after, catalog, seed)
    judges = np.sort(np.random.default_rng(seed).choice(len(able), round(JUDGES * len(able)), replace=False))
    return World(
        features=features,
        grades=np.ceil(after.rating).astype(np.int64) - 1,
        offsets=np.searchsorted(person, np.arange(len(able) + 1)).astype(np.int64),
        liked=liked,
        newness=newness,
        learners=np.setdiff1d(np.arange(len(able)), judges),
        judges=judges,
    )


def _described(
    before: Interactions, after: Interactions, catalog: Catalog, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float64]]:
    """Features of the rows of `after`, the movies' mean stars and their years, all as standard scores."""
    n_items = len(catalog)
    overall = float(before.rating.mean())
    heard = np.bincount(before.item, minlength=n_items)
    stars = np.bincount(before.item, before.rating, minlength=n_items)
    liked = (stars + SHRINKAGE * overall) / (heard + SHRINKAGE)
    years = catalog.frame["year"].cast(pl.Float64)
    year = years.fill_null(years.mean() if years.count() else 0).to_numpy()
    named = [own or [] for own in catalog.frame["genres"].to_list()]
    names = sorted({genre for own in named for genre in own})
    genres = np.zeros((n_items, len(names)))
    for item, own in enumerate(named):
        genres[item, [names.index(genre) for genre in own]] = 1
    vectors = collaborative_vectors(Histories.from_interactions(before), n_items, DIM, seed)
    # A person is the mean of the movies of the first half, each by how much better than the crowd they found it; so for genres.
    surprise = (before.rating - liked[before.item]).astype(np.float32)
    opinion = before.matrix(n_items, surprise)
    known = np.maximum(np.diff(before.offsets), 1)[:, None]
    taste, habit = (opinion @ vectors) / known, (before.matrix(n_items, np.ones(len(before), np.float32)) @ vectors)
    genre_taste = (opinion @ genres) / known
    who, what = after.user, after.item
    columns = [
        liked[what][:, None],
        np.log1p(heard[what])[:, None],
        year[what][:, None],
        genres[what],
        (genre_taste[who] * genres[what]).sum(axis=1, keepdims=True),
        (taste[who] * vectors[what]).sum(axis=1, keepdims=True),
        (habit / known)[who] * vectors[what],
    ]
    scaled = StandardScaler().fit_transform(np.concatenate(columns, axis=1))
    return scaled.astype(np.float32), scaled[:, 0], scaled[:, 2]
