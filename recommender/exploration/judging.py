"""What a model would have earned in the places that a log left to chance: there it shows one of its own first movies, each as likely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.exploration.off_policy import Logged, Target

TOP = 100
"""First movies of a model among which it would choose. Of fewer the log has met hardly any."""
FOLDS = 2


@dataclass(frozen=True)
class Shown:
    """A movie that was put into a list with some chance, and what came of it."""

    person: int
    moment: int
    """Which of the lists that were on show; a person's ratings up to then are the same for all models."""
    item: int
    propensity: float
    reward: float
    above: tuple[int, ...]
    """Items that stood above it: no model would show them again."""


def log_of(shown: Sequence[Shown]) -> Logged:
    """The choices as the estimators want them."""
    return Logged(
        np.array([one.reward for one in shown]),
        np.array([one.propensity for one in shown]),
        np.array([one.person for one in shown], np.int64),
    )


@dataclass(frozen=True, eq=False)
class Predicted:
    """q, the reward that is expected of each movie, as the other half of the people tells it."""

    rewards: NDArray[np.float64]
    """What each half is told, `[FOLDS, n_items]`, 0..1."""
    half: NDArray[np.int64]
    """Of each choice, `[n]`."""


def target_of(shown: Sequence[Shown], lists: NDArray[np.int32], q: Predicted) -> Target:
    """What a model would have done. `lists` `[moments, k]` are its first movies, -1 where there are none."""
    chances, hoped = np.zeros(len(shown)), np.zeros(len(shown))
    for at, one in enumerate(shown):
        listed = lists[one.moment]
        free = listed[(listed >= 0) & ~np.isin(listed, one.above)]
        if len(free):
            chances[at] = (free == one.item).sum() / len(free)
            hoped[at] = q.rewards[q.half[at], free].mean()
    return Target(chances, q.rewards[q.half, [one.item for one in shown]], hoped)


def predicted(shown: Sequence[Shown], crowd: NDArray[np.float64]) -> Predicted:
    """Rewards by a line through what the crowd thinks of the movies, `[n_items]`.

    Each half of the people is told by the other half, so that nobody's reward predicts itself (cross-fitting, Chernozhukov et al. 2018);
    where there is nobody else, nothing is predicted.
    """
    people = np.unique([one.person for one in shown])
    half = np.searchsorted(people, [one.person for one in shown]) % FOLDS
    x, y = crowd[[one.item for one in shown]], np.array([one.reward for one in shown])
    rewards = np.zeros((FOLDS, len(crowd)))
    for fold in range(FOLDS):
        others = half != fold
        if others.sum() > 1 and np.ptp(x[others]) > 0:
            slope, level = np.polyfit(x[others], y[others], 1)
            rewards[fold] = np.clip(slope * crowd + level, 0, 1)
    return Predicted(rewards, half)
