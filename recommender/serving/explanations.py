"""Why a movie stands in a list: leave one rating out, score again, see what falls; and, beside it, what attention looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from recommender.data import Histories
from recommender.models.abilities import LooksBack, ScoresCandidates
from recommender.models.base import Recommender
from recommender.serving.answers import Person, Reason

TRIED = 100
"""Ratings, the latest, that are tried one by one; earlier ones stay in every history."""
FIRST = 3
"""Of the ratings by each measure, how many are compared."""
FEWEST = 5
"""Ratings that were read with which a comparison says something."""


class Scores(Protocol):
    """A model, or one with newcomers behind its movies."""

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """`[batch, items]`."""


def leave_one_out(model: Scores, person: Person, items: Sequence[int]) -> NDArray[np.float32]:
    """How far the scores of `items` fall without each of the person's last `TRIED` ratings, `[tried, items]`; negative where they rise.

    Exact for every model: each shortened history is scored, all in one batch, by a model that can look at `items` alone only there.
    Effects are in standard deviations of the person's scores, so that they can be compared between models.
    """
    count = len(person.items)
    everything = np.arange(count)
    kept = [everything, *(np.delete(everything, left_out) for left_out in everything[-TRIED:])]
    histories = Histories.of([(person.items[k], person.ratings[k], person.timestamps[k]) for k in kept])
    if isinstance(model, ScoresCandidates):
        asked, spread = (
            model.score_candidates(histories, np.asarray(items, np.int64)),
            model.score(person.histories()).std(),
        )
    else:
        scores = model.score(histories)
        asked, spread = scores[:, items], scores[0].std()
    effects: NDArray[np.float32] = (asked[0] - asked[1:]) / (float(spread) or 1.0)
    return effects


def reasons(person: Person, items: Sequence[int], effects: NDArray[np.float32], top: int) -> dict[int, list[Reason]]:
    """For each of `items` the `top` ratings without which its score would fall most, strongest first; only those that help it.

    `effects` are those of `leave_one_out`.
    """
    tried, found = person.items[-TRIED:], {}
    for column, item in enumerate(items):
        order = np.argsort(-effects[:, column], kind="stable")[:top]
        found[int(item)] = [
            Reason(int(tried[place]), float(effects[place, column])) for place in order if effects[place, column] > 0
        ]
    return found


@dataclass(frozen=True)
class Weighed:
    """One rating, by both measures."""

    item: int
    effect: float
    """How far the score falls without the rating, in standard deviations of the model's scores; negative where it rises."""
    looked: float
    """The attention on it; 0 when the model does not read it."""


@dataclass(frozen=True)
class Agreement:
    """How far what moved the score and what was looked at are the same ratings; both by size, whatever the sign."""

    shared: int
    """Of the `FIRST` ratings that moved the score most, those among the `FIRST` most looked at."""
    rank_correlation: float
    """Spearman's, -1..1."""
    read: int
    """Ratings that were read, and so compared."""


@dataclass(frozen=True)
class Weighing:
    """The ratings, oldest first, by the exact answer and by attention."""

    ratings: tuple[Weighed, ...]
    meaning: str
    """What the attention weights are, in plain words."""
    share: bool
    """Whether the weights on the whole history add up to 1."""

    @property
    def agreement(self) -> Agreement | None:
        """None with too few ratings, or when one measure is the same for all."""
        read = [one for one in self.ratings if one.looked]
        moved, looked = (np.abs([getattr(one, name) for one in read]) for name in ("effect", "looked"))
        if len(read) < FEWEST or np.ptp(moved) == 0 or np.ptp(looked) == 0:
            return None
        first = [set(np.argsort(-by, kind="stable")[:FIRST].tolist()) for by in (moved, looked)]
        return Agreement(len(first[0] & first[1]), float(spearmanr(moved, looked).statistic), len(read))


def weigh(model: Recommender, person: Person, effects: NDArray[np.float32]) -> Weighing | None:
    """What moved one item's score, rating by rating (`effects` `[tried]`, of `leave_one_out`), beside what the model looked at.

    None for a model without attention.
    """
    if not isinstance(model, LooksBack):
        return None
    looked = model.looked_at(person.histories())[-TRIED:]
    measured = zip(person.items[-TRIED:].tolist(), effects.tolist(), looked.tolist(), strict=True)
    return Weighing(tuple(Weighed(*each) for each in measured), model.looks, model.looks_share)
