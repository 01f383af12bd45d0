"""What an answer is worth, between 0 and 1, and what the crowd's answers lead one to expect."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.data import Interactions

STARS = 4.5
"""Between the least and the most that can be given."""
EVERYBODY = 10
"""Ratings of the average movie that are added to each movie's own, so that one rating makes no fame. Source: our choice, not swept."""


def of_stars(stars: ArrayLike) -> NDArray[np.float64]:
    """Half a star is 0, five stars are 1, same shape."""
    return (np.asarray(stars, np.float64) - 0.5) / STARS


def expected(interactions: Interactions, n_items: int) -> NDArray[np.float64]:
    """The crowd's mean reward of each movie, drawn towards that of all movies, `[n_items]`."""
    given = of_stars(interactions.rating)
    everybody = float(given.mean()) if len(given) else 0.5
    counts = np.bincount(interactions.item, minlength=n_items)
    sums = np.bincount(interactions.item, weights=given, minlength=n_items)
    return (sums + EVERYBODY * everybody) / (counts + EVERYBODY)
