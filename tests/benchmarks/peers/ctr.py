"""Rows of yes and no, and what a contestant hands in for them. Runs in the peers' environments too, so it needs NumPy alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.peers.contest import Told

LIKED_FROM = 4.0
"""Stars from which a rating is a yes."""
TRAIN, VALIDATION, TEST = range(3)
SHARES = (0.8, 0.1, 0.1)
RECBOLE_READS = 20
"""Liked movies that the models of RecBole read which read a history."""


@dataclass(frozen=True)
class Job(Told):
    """One training: the same stopping rule for everybody."""

    data: str
    """Path of a `Rows` file."""
    source: str
    """Ours alone: where the ratings come from, `embedded`, or the folder of the peers' environments for ml-100k."""
    model: str
    """As our registry has it."""
    out: str
    """Path of the file to hand in."""
    settings: dict[str, Any] = field(default_factory=dict)
    """In the contestant's own names; all others are its defaults."""
    epochs: int = 100
    patience: int = 5
    """Epochs without a better AUC of the validation rows before it stops."""
    seconds: float = 300.0
    """Of training on the processor, validation not counted; the epoch that passes it is the last."""
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Rows:
    """Ratings, sorted by person and time, each in one part; and what is known of the movies."""

    user: NDArray[np.int64]
    item: NDArray[np.int64]
    stars: NDArray[np.float32]
    timestamp: NDArray[np.int64]
    part: NDArray[np.int64]
    """TRAIN, VALIDATION or TEST."""
    n_items: int
    features: NDArray[np.str_]
    """Names of the features that some movie has."""
    known: NDArray[np.int64]
    """`[n, 3]`: movie, feature, and the value's number within the feature."""

    def write(self, path: Path) -> None:
        """As npz."""
        np.savez(path, **vars(self))

    @classmethod
    def read(cls, path: str | Path) -> Rows:
        """From npz."""
        with np.load(path) as found:
            return cls(**{name: found[name] for name in found} | {"n_items": int(found["n_items"])})

    @property
    def yes(self) -> NDArray[np.bool_]:
        """Liked or not."""
        return self.stars >= LIKED_FROM

    def at(self, part: int) -> NDArray[np.int64]:
        """The rows of a part."""
        return np.flatnonzero(self.part == part)


def drawn(n: int, seed: int) -> NDArray[np.int64]:
    """A part for every row, at random, 8:1:1."""
    return _parts(np.random.default_rng(seed).permutation(n))


def by_time(timestamp: NDArray[np.int64]) -> NDArray[np.int64]:
    """A part for every row by two cuts in time, 8:1:1; of one second those come first that stand first."""
    place = np.empty(len(timestamp), np.int64)
    place[np.argsort(timestamp, kind="stable")] = np.arange(len(timestamp))
    return _parts(place)


def _parts(place: NDArray[np.int64]) -> NDArray[np.int64]:
    cuts = (np.cumsum(SHARES)[:-1] * len(place)).round()
    return np.searchsorted(cuts, place, side="right").astype(np.int64)


def auc(p: NDArray[Any], yes: NDArray[np.bool_]) -> float:
    """The share of pairs of a yes and a no in which the yes has the higher `p`, ties half."""
    return float(aucs(p, yes, np.ones((1, len(p))))[0])


def aucs(p: NDArray[Any], yes: NDArray[np.bool_], weights: NDArray[Any]) -> NDArray[np.float64]:
    """The same for several weights of the rows, `[n_weights, n]` -> `[n_weights]`."""
    order = np.argsort(p, kind="stable")
    begins = np.flatnonzero(np.diff(p[order], prepend=np.nan))  # of ties
    positive, negative = (np.add.reduceat(weights[:, order] * side[order], begins, axis=1) for side in (yes, ~yes))
    below = np.cumsum(negative, axis=1) - negative / 2
    return (positive * below).sum(axis=1) / (positive.sum(axis=1) * negative.sum(axis=1))


def log_losses(p: NDArray[Any], yes: NDArray[np.bool_]) -> NDArray[np.float64]:
    """-ln of the probability that was given to what happened, `[n]`."""
    p = np.clip(p.astype(np.float64), 1e-7, 1 - 1e-7)
    return -np.log(np.where(yes, p, 1 - p))


class Entry:
    """One contestant's training: told of every epoch, it keeps the best one's answers and says when to stop."""

    def __init__(self, job: Job, rows: Rows) -> None:
        self._job, self._asked = job, rows.yes[rows.at(VALIDATION)]
        self._seconds: list[float] = []
        self._gains: list[float] = []
        self._answers: dict[str, NDArray[Any]] = {}
        self._began = time.process_time()

    def epoch(self, answer: Callable[[int], NDArray[Any]]) -> float:
        """After an epoch: the AUC of the validation rows. `answer` gives the probabilities of a part's rows."""
        self._seconds.append(time.process_time() - self._began)
        guessed = answer(VALIDATION)
        self._gains.append(auc(guessed, self._asked))
        if self._best == len(self._gains) - 1:
            self._answers = {"validation": guessed, "test": answer(TEST)}
        self._began = time.process_time()
        return self._gains[-1]

    @property
    def _best(self) -> int:
        return int(np.argmax(self._gains))

    @property
    def over(self) -> bool:
        """Whether to stop."""
        done = len(self._gains)
        spent = done >= self._job.epochs or sum(self._seconds) >= self._job.seconds
        return done > 0 and (spent or done - 1 - self._best >= self._job.patience)

    def hand_in(self) -> None:
        """Write seconds and validation AUC of every epoch, and the probabilities."""
        np.savez(self._job.out, seconds=np.array(self._seconds), gains=np.array(self._gains), **self._answers)
