"""Off-policy evaluation: what another policy would have earned, from what this one showed and was answered.

With n logged choices a_i of contexts x_i, their rewards r_i, the chance p_i that each had to be chosen, a target policy π, and
the weight w_i = π(a_i | x_i) / p_i:

    IPS    1/n Σ w_i r_i                                           Horvitz and Thompson (1952)
    SNIPS  Σ w_i r_i / Σ w_i                                       Swaminathan and Joachims (2015)
    DR     1/n Σ [ Σ_a π(a | x_i) q(x_i, a) + w_i (r_i - q(x_i, a_i)) ]    Dudík, Langford and Li (2011)

IPS and DR are unbiased as long as every movie that the target may show could have been shown; SNIPS trades a bias that vanishes with n for
less spread. Choices of one person hang together, so intervals come from drawing people, not choices, with repetition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MarqueeError
from recommender.evaluation.intervals import EDGES, resamples
from recommender.evaluation.report import Metric

MOST_WEIGHT = 100.0
"""Weights are cut here unless told otherwise: one choice never counts as more than so many. Source: our choice; what is cut is counted."""


@dataclass(frozen=True, eq=False)
class Logged:
    """Choices that were made, `[n]` each."""

    rewards: NDArray[np.float64]
    propensities: NDArray[np.float64]
    """Chance that the movie had to be chosen, above 0."""
    people: NDArray[np.int64]
    """Whose they are."""

    def __post_init__(self) -> None:
        if not len(self.people):
            raise MarqueeError("Nothing was logged, so there is nothing to estimate from.")
        if not (self.propensities > 0).all():
            raise MarqueeError("A choice with a propensity of 0 cannot have been made; leave such rows out of the log.")


@dataclass(frozen=True, eq=False)
class Target:
    """The policy that is asked about, at the logged choices, `[n]` each."""

    chances: NDArray[np.float64]
    """π(a_i | x_i)."""
    predicted: NDArray[np.float64]
    """q(x_i, a_i), the reward that a model of rewards gives the logged movie; without looking at that very reward."""
    hoped: NDArray[np.float64]
    """Σ_a π(a | x_i) q(x_i, a)."""


@dataclass(frozen=True)
class Weights:
    """How far the log speaks of the target at all."""

    effective: float
    """Choices of the target itself that the log is worth: (Σ w)² / Σ w² (Kish 1965)."""
    mean: float
    """Of the weights as they were before anything was cut; 1 when everything that the target may show could have been shown."""
    cut: int
    """Weights above the limit."""


def weights(log: Logged, target: Target, most: float = MOST_WEIGHT) -> tuple[NDArray[np.float64], Weights]:
    """w_i, cut at `most`, `[n]`, and what to know about them."""
    raw = target.chances / log.propensities
    cut = np.minimum(raw, most)
    squares = float((cut**2).sum())
    about = Weights(float(cut.sum()) ** 2 / squares if squares else 0.0, float(raw.mean()), int((raw > most).sum()))
    return cut, about


def ips(log: Logged, target: Target, most: float = MOST_WEIGHT, seed: int = 0) -> Metric:
    """Inverse propensity scoring."""
    w, _ = weights(log, target, most)
    return _ratio(w * log.rewards, np.ones(len(w)), log.people, seed)


def snips(log: Logged, target: Target, most: float = MOST_WEIGHT, seed: int = 0) -> Metric:
    """Self-normalised inverse propensity scoring; 0 when the target never chose as the log did."""
    w, _ = weights(log, target, most)
    return _ratio(w * log.rewards, w, log.people, seed)


def doubly_robust(log: Logged, target: Target, most: float = MOST_WEIGHT, seed: int = 0) -> Metric:
    """Doubly robust: right if either the propensities or the predicted rewards are."""
    w, _ = weights(log, target, most)
    return _ratio(target.hoped + w * (log.rewards - target.predicted), np.ones(len(w)), log.people, seed)


Estimator = Callable[..., Metric]
ESTIMATORS: dict[str, Estimator] = {"IPS": ips, "SNIPS": snips, "DR": doubly_robust}


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64], people: NDArray[np.int64], seed: int) -> Metric:
    """Σ above / Σ below over all choices, with a percentile interval over people."""
    _, whose = np.unique(people, return_inverse=True)
    sums = np.stack([np.bincount(whose, weights=part) for part in (above, below)], axis=1)  # [people, 2]
    total = sums.sum(axis=0)
    drawn = resamples(len(sums), seed).astype(np.float64) @ sums  # [resamples, 2]
    drawn = drawn[drawn[:, 1] > 0]
    value = float(total[0] / total[1]) if total[1] > 0 else 0.0
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], EDGES) if len(drawn) else (value, value)
    return Metric(value=value, low=float(low), high=float(high), n=len(people))
