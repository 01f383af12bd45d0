"""A small world whose truth is planted: half of the movies are old and good, half new and bad."""

from __future__ import annotations

import numpy as np

from recommender.unbiased.world import World

PEOPLE, MOVIES = 40, 24


def planted(seed: int = 0) -> World:
    """The first feature tells how new a movie is, the second about how good; new ones are rather bad. The third is noise."""
    rng = np.random.default_rng(seed)
    good = rng.integers(0, 5, PEOPLE * MOVIES)
    new = -0.4 * (good - 2) / np.sqrt(2) + rng.standard_normal(len(good))
    told = (good - 2) / np.sqrt(2) + 0.7 * rng.standard_normal(len(good))
    features = np.stack([new, told, rng.standard_normal(len(good))], axis=1).astype(np.float32)
    return World(
        features=features,
        grades=good,
        offsets=np.arange(0, len(good) + 1, MOVIES),
        liked=features[:, 1].astype(float),
        newness=features[:, 0].astype(float),
        learners=np.arange(PEOPLE // 2),
        judges=np.arange(PEOPLE // 2, PEOPLE),
    )
