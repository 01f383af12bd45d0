"""OnlineRecommender: linear models that learn from one rating at a time, in the order in which they come, and never look back.

Training is one pass; afterwards `learn` goes on where it ended, one rating at a time, in a few milliseconds.
"""

from __future__ import annotations

import copy
import weakref
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from recommender.data import Catalog, Histories, Interactions
from recommender.features.newcomers import values_of
from recommender.layers.meetings import FEWEST, Examples, Meetings
from recommender.layers.popularity import backed_off, popularity
from recommender.models.abilities import Learnt, Moved
from recommender.models.base import Config, Progress, Recommender, silent

AT_ONCE = 256
"""Ratings whose facts are gathered together, and people who are scored together."""
TOLD = 6
"""Weights of an update that are told of: those that moved most."""
SPARE = 2
"""Frozen copies whose memory is kept for the next ones."""
RATINGS = (
    "In learning two and a half stars and more are a yes, less is a no, and so are movies drawn at random beside each rating. What you liked "
    "and what you disliked are told apart in what it reads of you. A rating that you change is learned once more if the yes becomes a no or the no a yes; "
    "one that you take away is no longer read of you, but what was learned from it stays until the next training."
)
"""The card's sentence on stars."""


class OnlineConfig(Config):
    """What is a yes, what is a no, and how much of somebody is read."""

    liked_from: float = Field(
        2.5,
        ge=0.5,
        le=5,
        description="Stars from which a rating is a yes; below it is a no. Source: as in the interaction family; 4 is usual where clicks are imitated.",
        json_schema_extra={"unit": "stars"},
    )
    negatives: int = Field(
        4,
        ge=0,
        le=1_000,
        description="Movies drawn per rating that count as a no: without them the model learns what is liked among what is watched, "
        "not what is watched. Source: our choice, not swept.",
        json_schema_extra={"unit": "movies"},
    )
    max_length: int = Field(
        200,
        ge=1,
        le=16_384,
        description="The last so many ratings of a history are read. Source: our choice, not swept.",
        json_schema_extra={"unit": "ratings"},
    )
    paired: int = Field(
        1_000,
        ge=0,
        le=10_000,
        description="So many of the most rated movies have a weight for each two of them. Source: our choice for memory: 12 MB.",
        json_schema_extra={"unit": "movies"},
    )
    newest: int = Field(
        500_000,
        ge=1,
        le=1_000_000_000,
        description="The pass takes the newest so many ratings. Source: our choice for time: a thousand ratings take about half a second.",
        json_schema_extra={"unit": "ratings"},
    )


class OnlineRecommender(Recommender):
    """A model gives `begin`, `update` and `weights`; its learned vectors are float32 `[size]`, named in `VECTORS`."""

    Config: ClassVar[type[OnlineConfig]] = OnlineConfig
    config: OnlineConfig
    VECTORS: ClassVar[tuple[str, ...]]
    ANSWERS: ClassVar[tuple[str, ...]]
    """Those of the vectors that answers are made from."""

    meetings: Meetings
    vectors: dict[str, NDArray[np.float32]]
    _spare: list[dict[str, NDArray[np.float32]]]
    """Vectors of frozen copies that nobody holds any more."""
    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""
    learned: int
    """Ratings that it has learned from, those of the training included."""

    def __init__(self, config: OnlineConfig | None = None) -> None:
        super().__init__(config)
        self._spare = []

    @abstractmethod
    def begin(self, size: int) -> dict[str, NDArray[np.float32]]:
        """The vectors of a model that knows nothing."""

    @abstractmethod
    def update(self, at: NDArray[np.int64], x: NDArray[np.float32], yes: bool) -> float:
        """Learn one example, x at the coordinates `at`; returns the probability of a yes that it guessed before."""

    @property
    @abstractmethod
    def weights(self) -> NDArray[np.float32]:
        """What a score is the product with, `[size]`."""

    def doubt(self, at: NDArray[np.int64], x: NDArray[np.float32]) -> float | None:
        """The standard deviation of the score of one example; None where none is known."""
        return None

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """One pass over the newest ratings in the order of time."""
        trainee = copy.copy(self)  # so that a cancelled training leaves self as it was
        counts = np.bincount(interactions.item, minlength=len(catalog))
        most = np.argsort(-counts, kind="stable")[: min(self.config.paired, int((counts > 0).sum()))]
        trainee.meetings = Meetings.of(catalog, most.astype(np.int32))
        trainee.vectors, trainee._spare = trainee.begin(trainee.meetings.size), []
        trainee.popular, trainee.learned = popularity(interactions, len(catalog)), 0
        trainee.take(interactions, progress)
        vars(self).update(vars(trainee))
        return self

    def take(self, interactions: Interactions, progress: Progress = silent) -> None:
        """Learn the newest ratings, in the order of time; of one moment in that of `interactions`. Each with what came before it."""
        rows = np.argsort(interactions.timestamp, kind="stable")[-self.config.newest :]
        everybody = Histories.from_interactions(interactions)
        rng = np.random.default_rng(self.config.seed)
        for begin in range(0, len(rows), AT_ONCE):
            progress(begin, len(rows), {})
            part = rows[begin : begin + AT_ONCE]
            before = _before(everybody, interactions.user[part], part, self.config.max_length)
            answers, examples = self._asked(before, interactions.item[part], interactions.rating[part], rng)
            for begins, ends, yes in zip(examples.begins[:-1], examples.begins[1:], answers, strict=True):
                self.update(examples.at[begins:ends], examples.x[begins:ends], bool(yes))
        self.learned += len(rows)
        progress(len(rows), len(rows), {})

    def learn(self, before: Histories, item: int, stars: float) -> Learnt | None:
        """Learn one rating of somebody who had rated `before`, and the movies drawn beside it; see `abilities.Learns`."""
        yes = stars >= self.config.liked_from
        again = before.items == item
        if again.any():
            if (before.ratings[again][-1] >= self.config.liked_from) == yes:
                return None
            before = Histories.of([(before.items[~again], before.ratings[~again], before.timestamps[~again])])
        rng = np.random.default_rng([self.config.seed, self.learned])
        answers, examples = self._asked(before, np.array([item]), np.array([stars], np.float32), rng)
        at = np.unique(examples.at)
        known = {name: self.vectors[name][at] for name in self.ANSWERS}
        was = self.weights[at]
        rated = examples.at[: examples.begins[1]], examples.x[: examples.begins[1]]
        unsure = self.doubt(*rated)
        guesses = [
            self.update(examples.at[begin:end], examples.x[begin:end], bool(answer))
            for begin, end, answer in zip(examples.begins[:-1], examples.begins[1:], answers, strict=True)
        ]
        self.learned += 1
        now = self.weights[at]
        order = np.argsort(-np.abs(now - was), kind="stable")
        count = int((now != was).sum())
        moved = tuple(
            Moved(self.meetings.about(int(at[place])), float(was[place]), float(now[place]))
            for place in order[: min(TOLD, count)]
        )
        surer = self.doubt(*rated)
        doubt = None if unsure is None or surer is None else (unsure, surer)
        return Learnt(item, stars, yes, guesses[0], moved, count, doubt, at, known)

    def _asked(
        self, before: Histories, items: NDArray[np.integer], stars: NDArray[np.float32], rng: np.random.Generator
    ) -> tuple[NDArray[np.bool_], Examples]:
        """Each rating, and behind it the movies drawn beside it that the person had not rated: whether yes, and the examples."""
        n, n_items, k = len(items), self.meetings.n_items, self.config.negatives
        rated = np.flatnonzero(self.popular)  # so that features alone speak for a movie that nobody has rated
        drawn = rated[rng.integers(len(rated), size=(n, k))] if len(rated) else np.empty((n, 0), np.int64)
        which = np.concatenate([np.asarray(items, np.int64)[:, None], drawn], axis=1)  # [n, 1 + k]
        who = np.repeat(np.arange(n), which.shape[1])
        seen = np.concatenate([before.rows * n_items + before.items, np.arange(n) * n_items + which[:, 0]])
        fresh = ~np.isin(who * n_items + which.ravel(), seen)
        fresh[:: which.shape[1]] = True
        yes = np.zeros(which.shape, bool)
        yes[:, 0] = stars >= self.config.liked_from
        asked = which.ravel()[fresh]
        facts = self.meetings.facts(before, self.config.max_length)
        return yes.ravel()[fresh], self.meetings.examples(facts, who[fresh], asked)

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """The logit or its like, `[batch, n_items]`."""
        return self._each(histories, self.popular, lambda facts: self.meetings.every(facts, self.weights))

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """The same of newcomers, by their features alone, `[batch, n_newcomers]`."""
        values = values_of(catalog, newcomers, FEWEST)
        nowhere = np.zeros(len(newcomers), np.float32)
        return self._each(histories, nowhere, lambda facts: self.meetings.of_newcomers(facts, self.weights, values))

    def _each(self, histories: Histories, popular: NDArray[np.float32], scores: Any) -> NDArray[np.float32]:
        """`scores` of those of whom something is read, `popular` `[n]` for the others, `[batch, n]`."""
        answered = np.zeros((len(histories), len(popular)), np.float32)
        known = np.zeros(len(histories), bool)
        for begin in range(0, len(histories), AT_ONCE):
            part = slice(begin, begin + AT_ONCE)
            facts = self.meetings.facts(histories.select(np.arange(len(histories))[part]), self.config.max_length)
            answered[part], known[part] = scores(facts), facts.known
        return backed_off(answered, popular, known)

    def awake(self) -> Self:
        """A copy that learns, while this one stays as it is."""
        learner = copy.copy(self)
        learner.vectors = {name: self.vectors[name].copy() for name in self.VECTORS}
        learner._spare = []
        return learner

    def frozen(self) -> Self:
        """A copy that answers as this one does now, and goes on to while this one learns.

        Its memory is that of an earlier one that nobody holds any more, if there is one: to get new memory from the system takes
        several times as long as to copy.
        """
        still = copy.copy(self)
        still.vectors = self._spare.pop() if self._spare else {n: np.empty_like(self.vectors[n]) for n in self.ANSWERS}
        for name, vector in still.vectors.items():
            np.copyto(vector, self.vectors[name])
        still._spare = []
        weakref.finalize(still, _keep, self._spare, still.vectors).atexit = False
        return still

    def state(self) -> dict[str, NDArray[Any]]:
        """Vectors, the movies' facts, popularity, and how much it has learned."""
        facts = {f"facts.{name}": array for name, array in self.meetings.arrays().items()}
        return {**self.vectors, **facts, "popular": self.popular, "learned": np.array([self.learned], np.int64)}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take them back."""
        self.meetings = Meetings({name[6:]: array for name, array in state.items() if name.startswith("facts.")})
        self.vectors = {name: state[name] for name in self.VECTORS}
        self.popular, self.learned = state["popular"], int(state["learned"][0])


def _keep(spare: list[dict[str, NDArray[np.float32]]], vectors: dict[str, NDArray[np.float32]]) -> None:
    if len(spare) < SPARE:
        spare.append(vectors)


def _before(everybody: Histories, user: NDArray[np.integer], rows: NDArray[np.int64], most: int) -> Histories:
    """What came before each of these ratings of its person, up to the last `most`, `[n]` people."""
    lengths = np.minimum(rows - everybody.offsets[user], most)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    source = np.repeat(rows - offsets[1:], lengths) + np.arange(offsets[-1])
    return Histories(everybody.items[source], everybody.ratings[source], everybody.timestamps[source], offsets)
