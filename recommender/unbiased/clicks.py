"""Click models: who looks where, and what is clicked, when the truth is known.

Position-based (Richardson, Dominowska and Ragno 2007): place k is looked at with chance e_k, whatever else is in the list, and what is
looked at is clicked with the chance of its attraction, so P(click) = e_k γ. Here e_k = k^-η (Joachims, Swaminathan and Schnabel 2017).

Cascade (Craswell, Zoeter, Taylor and Ramsey 2008): one looks from the top down, clicks on the first movie that attracts, and looks no
further. Here one may also give up, going on from place k to k + 1 with chance (k / (k + 1))^η, so that somebody whom nothing attracts
looks at place k with chance k^-η as above. With η = 0 it is the published model.

η is the strength of the bias: 0 looks everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.unbiased.world import BEST

NOISE = 0.1
"""Attraction of a movie without any relevance, beside that of the best. Source: Ai et al. (2018)."""
APPEAL = 0.3
"""Attraction of a five-star movie: so many of those who see it want to know more right now. Source: our choice."""


class ClickModel(Protocol):
    """How people look and click."""

    def act(
        self, attraction: NDArray[np.float64], rng: np.random.Generator
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """What is looked at and what is clicked of lists with these chances, top first, `[lists, places]` each."""
        ...


@dataclass(frozen=True)
class PositionBased:
    """P(click) = k^-η γ."""

    eta: float = 1.0

    def act(
        self, attraction: NDArray[np.float64], rng: np.random.Generator
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Each place by itself."""
        examined = rng.random(attraction.shape) < looked_at(self.eta, attraction.shape[1])
        return examined, examined & (rng.random(attraction.shape) < attraction)


@dataclass(frozen=True)
class Cascade:
    """From the top down to the first click."""

    eta: float = 1.0

    def act(
        self, attraction: NDArray[np.float64], rng: np.random.Generator
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """A place is looked at when no place above was clicked and one went on from each."""
        place = np.arange(1, attraction.shape[1] + 1)
        attracted = rng.random(attraction.shape) < attraction
        goes_on = ~attracted & (rng.random(attraction.shape) < (place / (place + 1)) ** self.eta)
        examined = np.ones(attraction.shape, bool)
        examined[:, 1:] = np.logical_and.accumulate(goes_on[:, :-1], axis=1)
        return examined, examined & attracted


CLICK_MODELS: dict[str, type[PositionBased] | type[Cascade]] = {"position": PositionBased, "cascade": Cascade}
"""By the name that stands in addresses."""


def looked_at(eta: float, places: int) -> NDArray[np.float64]:
    """k^-η, `[places]`."""
    return np.arange(1.0, places + 1) ** -eta


def attraction(grades: NDArray[np.int64], noise: float = NOISE, appeal: float = APPEAL) -> NDArray[np.float64]:
    """γ = a (ε + (1 - ε) (2^y - 1) / (2^y_max - 1)), the chance that who looks at a movie of grade y clicks on it.

    Source: Ai et al. (2018), where a is 1; with it a cascade of twenty places would hardly ever be read beyond the third.
    """
    relevance = (np.exp2(grades.astype(np.float64)) - 1) / (2.0**BEST - 1)
    chance: NDArray[np.float64] = appeal * (noise + (1 - noise) * relevance)
    return chance
