"""The crowd: people of the data who stand in for somebody new, and what each of them would answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.data import Histories, Interactions

POOL = 200
"""Movies that may be asked about, the most rated: of others hardly anybody has an answer."""
MOST_PEOPLE = 1_000
"""Stand-ins that are kept of larger data."""
DISAGREEMENT = 0.5
"""What a stand-in's weight is multiplied by where they answer otherwise than the person did; the square root of it for the verdict beside it.
Source: the first value tried, on people that no benchmark asks."""
HEARD = 20
"""Answers that count in full. Of more each counts less, so that all together weigh as so many: nobody is left with one twin."""


class Verdict(IntEnum):
    """What somebody answers when asked about a movie."""

    UNSEEN = 0
    DISLIKED = 1
    """Under three stars."""
    FAIR = 2
    """Three stars, or three and a half."""
    LOVED = 3
    """Four stars and more."""


SEEN = (Verdict.DISLIKED, Verdict.FAIR, Verdict.LOVED)
STARS = {Verdict.DISLIKED: 2.0, Verdict.FAIR: 3.5, Verdict.LOVED: 4.5}
"""The stars that stand for a verdict when an answer is only imagined."""


def verdicts(stars: ArrayLike) -> NDArray[np.int8]:
    """The verdict of each number of stars (0: not seen), same shape."""
    given = np.asarray(stars)
    return np.where(given == 0, 0, np.where(given < 3, 1, np.where(given < 4, 2, 3))).astype(np.int8)


@dataclass(frozen=True, eq=False)
class Interview:
    """What somebody has told so far: their ratings, oldest first, and the movies that they have not seen."""

    items: NDArray[np.int32]
    ratings: NDArray[np.float32]
    """Stars 0.5..5, `[rated]`."""
    unseen: NDArray[np.int32]

    @classmethod
    def opening(cls) -> Self:
        """Before the first question."""
        return cls(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int32))

    def told(self, item: int, stars: float | None) -> Interview:
        """The interview after one more answer; None says that they have not seen it."""
        if stars is None:
            return Interview(self.items, self.ratings, np.append(self.unseen, np.int32(item)))
        return Interview(np.append(self.items, np.int32(item)), np.append(self.ratings, np.float32(stars)), self.unseen)

    @property
    def asked(self) -> NDArray[np.int32]:
        """Every movie that an answer is known of, the rated ones first."""
        return np.concatenate([self.items, self.unseen])

    @property
    def verdicts(self) -> NDArray[np.int8]:
        """The verdict of each of `asked`."""
        return np.concatenate([verdicts(self.ratings), np.zeros(len(self.unseen), np.int8)])


@dataclass(frozen=True, eq=False)
class Crowd:
    """Stand-ins with all their verdicts, and what everybody together says of the movies that may be asked about."""

    verdict: NDArray[np.int8]
    """`[people, n_items]`, as `Verdict`."""
    questions: NDArray[np.int32]
    """Items that may be asked about, the most rated first, `[questions]`."""
    levels: NDArray[np.float64]
    """Share of all people who have not seen a question's movie (column 0) and who gave it up to 1, 2, 3, 4, 5 stars,
    `[questions, 6]`; rows sum to 1."""

    @classmethod
    def of(cls, interactions: Interactions, n_items: int, seed: int = 0) -> Self:
        """The people of `interactions` who rated anything; of more than `MOST_PEOPLE` so many are drawn as stand-ins."""
        counts = np.bincount(interactions.item, minlength=n_items)
        questions = np.argsort(-counts, kind="stable")[: min(POOL, (counts > 0).sum())].astype(np.int32)
        people = np.unique(interactions.user)
        asked = interactions.select(np.isin(interactions.item, questions)).matrix(n_items)
        everybody = asked[:, questions].tocoo()
        levels = np.zeros((len(questions), 6))
        np.add.at(levels, (everybody.coords[1], np.ceil(everybody.data).astype(np.int64)), 1 / max(len(people), 1))
        levels[:, 0] = 1 - levels[:, 1:].sum(axis=1)
        if len(people) > MOST_PEOPLE:
            people = np.sort(np.random.default_rng(seed).choice(people, MOST_PEOPLE, replace=False))
        stars = Histories.from_interactions(interactions).select(people).matrix(n_items).toarray()
        return cls(verdicts(stars), questions, levels)

    @cached_property
    def seen(self) -> NDArray[np.float64]:
        """Share of all people who have seen each question's movie, `[questions]`."""
        return 1 - self.levels[:, 0]

    def weights(self, interview: Interview) -> NDArray[np.float64]:
        """How far each stand-in's verdicts agree with what was told, `[people]`, summing to 1.

        A naive Bayes of one's own: each answer multiplies the weight of those who would have answered otherwise by
        `DISAGREEMENT`.
        """
        asked = interview.asked
        apart = np.zeros(len(self.verdict))
        for item, verdict in zip(asked, interview.verdicts, strict=True):
            theirs = self.verdict[:, item]
            next_to = (theirs > 0) & (verdict > 0) & (np.abs(theirs - verdict) == 1)
            apart += np.where(theirs == verdict, 0.0, np.where(next_to, 0.5, 1.0))
        apart *= min(1.0, HEARD / max(len(asked), 1))
        weight = DISAGREEMENT ** (apart - apart.min())
        return weight / weight.sum()

    def open_questions(self, interview: Interview) -> NDArray[np.int32]:
        """Questions whose answer is not known yet, the most rated first."""
        return self.questions[~np.isin(self.questions, interview.asked)]
