"""What a model that places new movies has to beat, and what needs no model: a random order, and what is popular in a genre."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.evaluation.genres import genre_matrix

Score = Callable[[Histories], NDArray[np.float32]]
"""Scores of every item for every person, `[batch, n_items]`, as a model gives them."""


def random_order(catalog: Catalog, train: Interactions, seed: int) -> Score:
    """Another order for everybody."""
    rng = np.random.default_rng(seed)
    return lambda histories: rng.random((len(histories), len(catalog)), dtype=np.float32)


def genre_popularity(catalog: Catalog, train: Interactions, seed: int) -> Score:
    """The same order for everybody: a movie with ratings by the number of people who rated it, another one by its genres.

    Popularity of a genre is the mean number of raters of its movies that have any; that of a movie without ratings is the mean of
    its genres', or where none of them has a rated movie, or it has no genre, the mean of all rated movies.
    """
    popular = popularity_by_genre(catalog, train)
    return lambda histories: np.broadcast_to(popular, (len(histories), len(popular)))


def popularity_by_genre(catalog: Catalog, train: Interactions) -> NDArray[np.float32]:
    """`[n_items]`, people."""
    raters = np.diff(train.matrix(len(catalog)).tocsc().indptr).astype(np.float64)
    rated = raters > 0
    guess = np.full(len(catalog), raters[rated].mean())
    if (genres := genre_matrix(catalog)) is not None:
        movies = genres[rated].sum(axis=0)  # [genres], those with ratings
        known = genres[:, movies > 0]
        mean = (raters[rated] @ known[rated]) / movies[movies > 0]
        has = known.any(axis=1)
        guess[has] = (known[has] @ mean) / known[has].sum(axis=1)
    return np.where(rated, raters, guess).astype(np.float32)


BASELINES: dict[str, tuple[str, Callable[[Catalog, Interactions, int], Score]]] = {
    "random": ("Random order", random_order),
    "genrepopularity": ("Popularity of its genres", genre_popularity),
}
"""By the name in the report: the name in words, and what makes it from a catalogue, the training ratings and a seed."""
