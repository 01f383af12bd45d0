"""Regression-EM: from clicks alone, without any coin, what was looked at and what attracts explain each other by turns.

With e_k the chance that place k is looked at and γ that of a movie to be clicked by who looks at it:

    E   what was not clicked was looked at all the same with chance e (1 - γ) / (1 - e γ), and attracted unseen with chance γ (1 - e) / (1 - e γ)
    M   e_k is the mean chance of having been looked at there; γ is a logistic regression of the attraction on the features

Source: Wang et al. (2018), section 4; they regress with boosted trees, here one Newton step of a logistic regression is made each
time, so that a step costs little and the likelihood still rises. What the features do not tell of a movie is laid upon its place where
lists are sorted by it: the curve is as good as the regression.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MarqueeError
from recommender.unbiased.propensity import Propensities, drawn
from recommender.unbiased.sessions import Log
from recommender.unbiased.world import World

STEPS, CLOSE = 200, 3e-4
RESAMPLES, AGAIN = 20, 10
"""Resamples, each of which goes on from the estimate for at most `AGAIN` steps: the interval is a little narrow for it."""
RIDGE = 1e-2
LEAST = 1e-6
"""No chance is nearer to 0 or 1."""


@dataclass(frozen=True, eq=False)
class Cells:
    """How often each row stood at each place and was clicked there, `[n_cells]` each; only those that occur."""

    row: NDArray[np.int64]
    """Of `features`."""
    place: NDArray[np.int64]
    shown: NDArray[np.float64]
    clicks: NDArray[np.float64]


def cells_of(log: Log) -> Cells:
    """Count."""
    key, at, shown = np.unique(log.rows * log.places + np.arange(log.places), return_inverse=True, return_counts=True)
    clicks = np.bincount(at.reshape(-1), log.clicks.reshape(-1), minlength=len(key))
    return Cells(key // log.places, key % log.places, shown.astype(np.float64), clicks.astype(np.float64))


def estimated(world: World, log: Log, resamples: int = RESAMPLES, seed: int = 0) -> Propensities:
    """The curve."""
    cells = cells_of(log)
    rows, cells = _renumbered(cells)
    features = np.column_stack([np.ones(len(rows)), world.features[rows].astype(np.float64)])
    start = 1 / np.arange(1.0, log.places + 1), np.zeros(features.shape[1])
    e, weights = maximised(features, cells, *start, STEPS)
    owner = np.searchsorted(world.offsets, rows[cells.row], side="right") - 1
    _, person = np.unique(owner, return_inverse=True)
    sampled = []
    for times in drawn(person.astype(np.int64), resamples, seed):
        again = Cells(cells.row, cells.place, cells.shown * times[person], cells.clicks * times[person])
        sampled.append(_beside_first(maximised(features, again, e, weights, AGAIN)[0]))
    return Propensities.of(_beside_first(e), np.array(sampled))


def maximised(
    features: NDArray[np.float64],
    cells: Cells,
    e: NDArray[np.float64],
    weights: NDArray[np.float64],
    steps: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """e and the regression's weights after at most `steps` steps from those given."""
    for _ in range(steps):
        gamma = _sigmoid(features @ weights)
        new, attracted = step(cells, e, gamma)
        count = np.bincount(cells.row, cells.shown, minlength=len(features))
        drawn_by = np.bincount(cells.row, attracted, minlength=len(features))
        weights = _newton(features, drawn_by, count, gamma, weights)
        if np.abs(new - e).max() < CLOSE:
            return new, weights
        e = new
    return e, weights


def step(
    cells: Cells, e: NDArray[np.float64], gamma: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The new e, `[places]`, and how many showings of each cell attracted, seen or not, `[n_cells]`."""
    at, own = e[cells.place], gamma[cells.row]
    unseen = np.maximum(1 - at * own, LEAST)
    missed = cells.shown - cells.clicks
    examined = cells.clicks + missed * at * (1 - own) / unseen
    attracted = cells.clicks + missed * own * (1 - at) / unseen
    there = np.bincount(cells.place, cells.shown, minlength=len(e))
    if not there.all():
        raise MarqueeError(f"Nothing was shown at place {int(np.argmin(there)) + 1}, so nothing is known of it.")
    found = np.bincount(cells.place, examined, minlength=len(e)) / there
    return np.clip(found, LEAST, 1 - LEAST), attracted


def _newton(
    X: NDArray[np.float64],
    attracted: NDArray[np.number],
    count: NDArray[np.number],
    gamma: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """One step of a logistic regression with `count` showings of each row, of which `attracted` attracted."""
    curvature = X.T @ ((count * gamma * (1 - gamma))[:, None] * X) + RIDGE * np.eye(X.shape[1])
    return weights + np.linalg.solve(curvature, X.T @ (attracted - count * gamma) - RIDGE * weights)


def _renumbered(cells: Cells) -> tuple[NDArray[np.int64], Cells]:
    """The rows that occur, and the cells with their places among those."""
    rows, at = np.unique(cells.row, return_inverse=True)
    return rows, Cells(at.reshape(-1).astype(np.int64), cells.place, cells.shown, cells.clicks)


def _beside_first(e: NDArray[np.float64]) -> NDArray[np.float64]:
    return e / e[0]


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(1 / (1 + np.exp(-np.clip(x, -30, 30))), LEAST, 1 - LEAST)
