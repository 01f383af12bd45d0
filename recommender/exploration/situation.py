"""What a policy chooses from, and the list that it fills, place by place. Read this file first."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Choice:
    """One choice among candidates."""

    chosen: int
    chances: NDArray[np.float64]
    """Of each candidate to be chosen, `[n]`; 0 for those that were not open."""
    certain: int
    """What it would have chosen without curiosity."""


Choose = Callable[[NDArray[np.bool_]], Choice]
"""Given which candidates are still open `[n]`, at least one."""


@dataclass(frozen=True, eq=False)
class Situation:
    """One person at one moment: the movies that could be shown, and what the person has answered so far.

    Rewards lie between 0 and 1, see `recommender.exploration.reward`.
    """

    scores: NDArray[np.float32]
    """The model's, of the candidates `[n]`; higher is better, no unit."""
    vectors: NDArray[np.float32]
    """Of the candidates, rows of length 1, or 0 where nothing is known, `[n, dim]`."""
    expected: NDArray[np.float64]
    """Reward that the crowd gives each candidate, `[n]`."""
    rated_vectors: NDArray[np.float32]
    """Of what the person has rated, `[rated, dim]`."""
    surprises: NDArray[np.float64]
    """Of each rating the person's reward less the crowd's, `[rated]`."""


@dataclass(frozen=True, eq=False)
class Slate:
    """A list, best place first; all of length `[k]`."""

    chosen: NDArray[np.int32]
    """Which candidates."""
    curious: NDArray[np.bool_]
    """Whether it was shown out of curiosity: the model would have shown another movie there, and so would the policy without its doubt."""
    propensity: NDArray[np.float64]
    """Chance with which the movie was put there, given those above it; 1 where nothing is left to chance."""
    estimated: bool
    """Whether propensities are estimates by drawing, since no closed form is known."""


class Policy(ABC):
    """A rule that decides for which movie a place is used when the model alone does not decide."""

    title: ClassVar[str]
    """Its name for people."""
    sentence: ClassVar[str]
    """What it does, in plain words."""
    why: ClassVar[str]
    """Why a movie was shown out of curiosity, in the few words that fit below a poster."""
    leaves_to_chance: ClassVar[bool] = True
    """Whether it could have shown something else: without that, a log of it says nothing about other policies."""
    estimates: ClassVar[bool] = False
    """Whether its propensities are estimated."""

    @abstractmethod
    def chooser(self, situation: Situation, rng: np.random.Generator) -> Choose:
        """How it chooses for this person at this moment; all its chance comes from `rng`."""


def pick(policy: Policy, situation: Situation, rng: np.random.Generator) -> tuple[int, float]:
    """What the policy shows when everything is left to it, and the chance of that."""
    choice = policy.chooser(situation, rng)(np.ones(len(situation.scores), bool))
    return choice.chosen, float(choice.chances[choice.chosen])


def mix(policy: Policy, situation: Situation, k: int, places: Collection[int], rng: np.random.Generator) -> Slate:
    """The model's list of up to `k` movies with curiosity in some `places` (counted from 0).

    There the policy is asked. Where it chooses what it would choose without curiosity, the place is the model's; so a movie that takes
    it stands there for the doubt about it and for nothing else.
    """
    k = min(k, len(situation.scores))
    chosen, curious, propensity = np.empty(k, np.int32), np.zeros(k, bool), np.ones(k)
    if not k:
        return Slate(chosen, curious, propensity, False)
    order = np.argsort(-situation.scores, kind="stable")
    free = np.ones(len(situation.scores), bool)
    choose = policy.chooser(situation, rng)
    best = 0
    for place in range(k):
        while not free[order[best]]:
            best += 1
        own = chosen[place] = int(order[best])
        if place in places:
            choice = choose(free)
            curious[place] = choice.chosen not in (choice.certain, own)
            if curious[place]:
                chosen[place], propensity[place] = choice.chosen, choice.chances[choice.chosen]
            else:
                propensity[place] = choice.chances[sorted({choice.certain, own})].sum()
        free[chosen[place]] = False
    return Slate(chosen, curious, propensity, policy.estimates and bool(places))
