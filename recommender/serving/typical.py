"""A few people who stand for everybody: the middle of each group of like taste."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.utils.extmath import randomized_svd

from recommender.data import Histories, Interactions
from recommender.serving.answers import Person

PEOPLE = 20
FEWEST = 20
"""Ratings of somebody who can stand for others; as many as is usual where people rate less."""
DIM = 32
LOOKED_AT = 5_000
"""People who are grouped; of a larger crowd so many are drawn."""


@dataclass(frozen=True, eq=False)
class Typical:
    """Somebody who stands for others."""

    number: int
    """The data set's own number of them."""
    person: Person
    stands_for: int
    """How many of those who were looked at are of their group."""


def typical(interactions: Interactions, n_items: int, count: int = PEOPLE, seed: int = 0) -> list[Typical]:
    """For each group the person nearest to its middle, the largest group first; fewer where there are not enough people.

    Groups are those of k-means over what people liked (a truncated SVD of it, rows of length 1): the same for the same data.
    """
    everybody = Histories.from_interactions(interactions)
    usual = np.median(everybody.lengths) if len(everybody) else 0
    able = np.flatnonzero(everybody.lengths >= max(1, min(FEWEST, usual)))
    if len(able) > LOOKED_AT:
        able = np.sort(np.random.default_rng(seed).choice(able, LOOKED_AT, replace=False))
    chosen = everybody.select(able)
    k = min(count, len(able))
    if k < 1:
        return []
    taste = _tastes(chosen, n_items, seed)
    groups = KMeans(k, n_init=4, random_state=seed).fit(taste)
    apart = np.linalg.norm(taste - groups.cluster_centers_[groups.labels_], axis=1)
    sizes = np.bincount(groups.labels_, minlength=k)
    found = []
    for group in np.argsort(-sizes, kind="stable"):
        members = np.flatnonzero(groups.labels_ == group)
        if len(members):
            middle = members[np.argmin(apart[members])]
            number = int(interactions.user_ids[able[middle]])
            found.append(Typical(number, _person(chosen, int(middle), number), int(sizes[group])))
    return found


def _tastes(people: Histories, n_items: int, seed: int) -> NDArray[np.float64]:
    """`[people, DIM]`, unit rows: what each gave above half the stars, by how much."""
    liked = people.matrix(n_items, np.maximum(people.ratings - np.float32(2.5), 0))
    k = min(DIM, *liked.shape)
    left, values, _ = randomized_svd(liked.astype(np.float64), k, random_state=seed)
    taste = left * values
    return taste / np.maximum(np.linalg.norm(taste, axis=1, keepdims=True), 1e-12)


def _person(people: Histories, place: int, number: int) -> Person:
    rows = slice(people.offsets[place], people.offsets[place + 1])
    return Person(people.items[rows], people.ratings[rows], people.timestamps[rows], f"typical {number}")
