"""What goes into the engine and what comes out, and how two answers differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recommender.data import Histories
from recommender.models.base import ModelCard, Recommender
from recommender.serving.manifest import Manifest


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody's history, oldest first, as dense items of the catalogue."""

    items: NDArray[np.int32]
    ratings: NDArray[np.float32]
    timestamps: NDArray[np.int64]
    version: str
    """Another one after every change: the engine remembers its answers under it. No two people share one."""

    def histories(self) -> Histories:
        """This person as a batch of one."""
        return Histories.of([(self.items, self.ratings, self.timestamps)])


@dataclass(frozen=True, eq=False)
class Answer:
    """One model's list for one person."""

    slug: str
    version: str
    """Of the model, and of what it learned since."""
    items: NDArray[np.int32]
    """Best first, without what the person has rated, `[k]`."""
    scores: NDArray[np.float32]
    """Their scores, `[k]`; they mean nothing beside another model's."""
    milliseconds: float
    """That the answer took when it was worked out."""
    fallback: str | None
    """Why this is popularity's list, in words; None when it is the model's own."""


@dataclass(frozen=True, eq=False)
class Served:
    """A model that answers now."""

    card: ModelCard
    version: str
    manifest: Manifest | None
    """None for the popularity that the house opens with before anything was trained."""
    model: Recommender
    nothing: NDArray[np.float32]
    """Its scores for an empty history, `[n_items]`: a person scored the same told the model nothing."""
    taught: int = 0
    """The number of the last rating that it learned in this process; 0 as it is on disk."""
    trained: Served | None = None
    """What it was before it learned anything in this process; None as it is on disk."""

    @property
    def as_trained(self) -> Served:
        """The version as it is on disk: for what takes long and need not follow every rating."""
        return self.trained or self

    @property
    def state(self) -> str:
        """The version, and what it learned since: another text whenever it may answer otherwise."""
        return f"{self.version}+{self.taught}" if self.taught else self.version


@dataclass(frozen=True, eq=False)
class Shown:
    """What one model's list for one person is made from."""

    served: Served
    scores: NDArray[np.float32]
    """The model's own, or popularity's when it fell back; then those of the released movies, `[n_items + n_released]`.
    -inf where the person has rated, and where the model cannot place a released movie."""
    milliseconds: float
    fallback: str | None


@dataclass(frozen=True)
class Reason:
    """A rating that moved a recommendation."""

    item: int
    """What the person rated."""
    effect: float
    """How far the recommended movie's score falls without that rating, in standard deviations of the model's scores."""


@dataclass(frozen=True)
class Problem:
    """A model that cannot serve (fully), and why, in one sentence."""

    slug: str
    sentence: str


def overlap(one: Answer, other: Answer, k: int) -> float:
    """Share of the first k that two lists have in common, 0..1."""
    first, second = one.items[:k], other.items[:k]
    return len({*first.tolist()} & {*second.tolist()}) / max(1, min(k, max(len(first), len(second))))


def agreement(answers: Mapping[str, Answer], k: int = 20) -> float:
    """Mean overlap of all pairs of lists, 0..1; 1 when there is but one."""
    pairs = list(combinations(answers.values(), 2))
    return sum(overlap(one, other, k) for one, other in pairs) / len(pairs) if pairs else 1.0
