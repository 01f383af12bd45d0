"""Sessions: lists that a house shows by a rule of its own, and the clicks on them.

The rule knows nothing of the person. It mixes what the crowd likes with what is new, as many houses do, and is a little restless, as a
house with several models is: the same movie stands now here, now there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MarqueeError
from recommender.unbiased.clicks import ClickModel, attraction
from recommender.unbiased.world import LEAST, World

SESSIONS = 150_000
PLACES = LEAST
SWAPPED = 0.3
"""Share of the lists in which the first movie and another one may change places. Source: our choice."""


@dataclass(frozen=True)
class Habit:
    """The rule by which lists are made: quality · liked + √(1 - quality²) · newness + restlessness · noise."""

    quality: float = 0.0
    """-1..1: 1 follows the crowd's opinion, 0 shows what is new."""
    restlessness: float = 1.0
    """Spread of the noise in units of the rule's own; new noise in each list."""

    def __post_init__(self) -> None:
        if not -1 <= self.quality <= 1:
            raise MarqueeError(f"The quality of a rule lies between -1 and 1; {self.quality:g} does not.")

    def scores(self, world: World) -> NDArray[np.float64]:
        """Without the noise, `[n_rows]`."""
        return self.quality * world.liked + np.sqrt(1 - self.quality**2) * world.newness


@dataclass(frozen=True, eq=False)
class Log:
    """Lists as they were shown. Places count from 0."""

    rows: NDArray[np.int64]
    """Rows of the world, top first, `[lists, places]`."""
    clicks: NDArray[np.bool_]
    """`[lists, places]`."""
    person: NDArray[np.int64]
    """`[lists]`."""
    partner: NDArray[np.int64]
    """The place that a coin let change with the first one, `[lists]`; 0 in lists without a coin."""
    examined: NDArray[np.bool_]
    """What was looked at, which only the simulator knows, `[lists, places]`."""

    def __post_init__(self) -> None:
        if not self.clicks.any():
            raise MarqueeError("Nothing was clicked, so there is nothing to learn from.")
        if self.rows.shape[1] < 2:
            raise MarqueeError("Lists of one place say nothing of positions; show two movies or more.")

    @property
    def places(self) -> int:
        """How long each list is."""
        return self.rows.shape[1]


def simulate(
    world: World,
    model: ClickModel,
    habit: Habit | None = None,
    sessions: int = SESSIONS,
    places: int = PLACES,
    swapped: float = SWAPPED,
    seed: int = 0,
) -> Log:
    """Show lists to the learners, each of `places` movies drawn among those that the person rated later, and let them click."""
    rng = np.random.default_rng(seed)
    habit = Habit() if habit is None else habit
    person = np.sort(rng.choice(world.learners, sessions))
    rows = np.empty((sessions, places), np.int64)
    for one, begin, visits in zip(*np.unique(person, return_index=True, return_counts=True), strict=True):
        own = world.rows_of(one)
        if len(own) < places:
            raise MarqueeError(f"A list of {places} places needs as many movies; somebody has {len(own)}.")
        rows[begin : begin + visits] = own[rng.random((visits, len(own))).argsort(axis=1)[:, :places]]
    scores = habit.scores(world)[rows] + habit.restlessness * rng.standard_normal(rows.shape)
    rows = np.take_along_axis(rows, np.argsort(-scores, axis=1, kind="stable"), axis=1)
    partner = np.where(rng.random(sessions) < swapped, rng.integers(1, places, sessions), 0)
    coin = np.flatnonzero((partner > 0) & (rng.random(sessions) < 0.5))
    first, other = rows[coin, 0].copy(), rows[coin, partner[coin]].copy()
    rows[coin, 0], rows[coin, partner[coin]] = other, first
    examined, clicks = model.act(attraction(world.grades)[rows], rng)
    return Log(rows, clicks, person, partner, examined)
