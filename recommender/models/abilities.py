"""What some models can do beside scoring. Whoever asks finds out by `isinstance`; a model that cannot has no such method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.models.base import Progress, Recommender


@runtime_checkable
class LooksBack(Protocol):
    """A model with attention: it can tell how strongly it looked at each rating when it came to its answer."""

    looks_share: ClassVar[bool]
    """Whether the weights on one history add up to 1, as after a softmax."""

    @property
    def looks(self) -> str:
        """What the weights are, and what of the answer they leave out, in plain words."""

    def looked_at(self, histories: Histories) -> NDArray[np.float32]:
        """The weight on each rating, seen from where the answer is read off; one per row of `histories`, in its order.

        0 for ratings that the model does not read: dislikes, unknown movies, those further back than it reaches.
        """


@dataclass(frozen=True)
class Written:
    """A movie as it was written."""

    item: int
    tokens: tuple[int, ...]
    log_probabilities: tuple[float, ...]
    """Of each token, given the history and the tokens before it; natural logarithms."""


@runtime_checkable
class Writes(Protocol):
    """A model that gives every movie a name of tokens and writes the name of the next one."""

    def write(self, histories: Histories, k: int = 10, width: int = 50) -> list[list[Written]]:
        """Up to `k` movies that each person has not rated, most probable first, found by a beam of `width` beginnings."""

    def names(self) -> NDArray[np.int64]:
        """The tokens of every movie's name, `[n_items, tokens]`."""


@runtime_checkable
class Places(Protocol):
    """A model that reads what movies are, and so can score one that was not in the catalogue when it was trained."""

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """Scores of the newcomers for every person, `[batch, n_newcomers]`, finite, on the scale of `score`.

        `catalog` is the one that it was trained on; `histories` count its movies. A newcomer with the very features of a movie
        that nobody had rated in training gets that movie's score.
        """


@runtime_checkable
class ScoresCandidates(Protocol):
    """A model that can look at some movies alone, which takes less time than the whole catalogue."""

    def score_candidates(self, histories: Histories, items: NDArray[np.integer]) -> NDArray[np.float32]:
        """Scores of `items` `[n]` for every person, `[batch, n]`: those columns of `score`, in the order given.

        Movies that the model cannot tell from one another, since nobody rated them in training, stand below the others as they
        do in `score`, though not at the same number.
        """


@runtime_checkable
class Points(Protocol):
    """A model that turns a person into a point among the movies: its scores are products, so that the best movies are the nearest ones."""

    def person_vectors(self, histories: Histories) -> NDArray[np.float32]:
        """`[batch, dim]`; zeros for people of whom nothing can be read. For all others, products with `item_vectors` are the `score`."""

    def item_vectors(self) -> NDArray[np.float32]:
        """`[n_items, dim]`; not to be written into."""


@runtime_checkable
class HasVectors(Protocol):
    """A model that keeps a vector of every movie and holds a person's against it: movies with like vectors suit like people."""

    def item_vectors(self) -> NDArray[np.float32]:
        """`[n_items, dim]`; not to be written into."""


@runtime_checkable
class Crosses(Protocol):
    """A model that lets fields of a person meet fields of a movie, and can tell how strongly each two of them do."""

    crossing: ClassVar[str]
    """What a number is, in plain words."""
    signed: ClassVar[bool]
    """Whether numbers speak for the movie above 0 and against it below; else all are weights, at least 0."""
    fields: tuple[tuple[str, ...], tuple[str, ...]]
    """Names of the person's fields and of the movie's."""

    def crossings(self, histories: Histories, item: int) -> NDArray[np.float32]:
        """`[batch, fields, fields]`, the person's fields first, then the movie's. Zeros for people of whom nothing can be read.

        Where two fields meet once, the matrix is symmetric and its diagonal zero; else row f, column g is what f takes from g.
        """


@runtime_checkable
class Refreshes(Protocol):
    """A model that can go on from what an earlier version of it learned."""

    def refresh(
        self, before: Recommender, interactions: Interactions, catalog: Catalog, progress: Progress = ...
    ) -> Self:
        """`fit` that begins where `before` ended."""


@runtime_checkable
class Weighs(Protocol):
    """A model that guesses several things at once, so that whoever asks can say what counts."""

    objectives: tuple[str, ...]

    @property
    def own_weights(self) -> Mapping[str, float]:
        """The power of each objective's probability in the model's own list; 0 for those that are not named."""

    def judge(self, histories: Histories) -> NDArray[np.float32]:
        """The probability of every objective, `[objectives, batch, n_items]`, of movies that are only offered."""


@dataclass(frozen=True)
class Meeting:
    """What a weight is about: a fact of a person and one of a movie; an item's number, or the name of a value."""

    kind: str
    """`everybody` (whoever it is), `liked` and `disliked` (a genre or a decade), `movie` (one that was liked), or `shared` (the same
    directors, say, as what was liked)."""
    person: str | int
    movie: str | int
    """Empty for any movie."""
    feature: str = ""
    """Of which the movie's value is one, where it is a value of a movie, whoever the person is."""


@dataclass(frozen=True)
class Moved:
    """A weight that an update moved."""

    about: Meeting
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class Learnt:
    """What one rating taught."""

    item: int
    stars: float
    yes: bool
    """Whether the rating counts as a yes."""
    guessed: float
    """The probability of a yes that the model gave before it learned."""
    moved: tuple[Moved, ...]
    """The weights that moved most, the furthest first."""
    count: int
    """How many moved."""
    doubt: tuple[float, float] | None
    """Standard deviation of the score before and after; None for a model that knows no doubt."""
    at: NDArray[np.int64]
    """Every coordinate that was touched, ascending, `[n]`."""
    before: Mapping[str, NDArray[np.float32]]
    """What stood there before, by the vector's name, `[n]` each: enough to take the lesson back."""


@runtime_checkable
class Learns(Protocol):
    """A model that learns from one rating at a time, at once."""

    learned: int
    """Ratings that it has learned from, those of the training included."""

    def learn(self, before: Histories, item: int, stars: float) -> Learnt | None:
        """Learn a rating of the one person in `before`, who had rated that before. Changes the model. The same ratings in the same order
        make the same model. None, and nothing changes, when they had rated the item before and a yes stays a yes, or a no a no."""

    def awake(self) -> Self:
        """A copy that learns, while this one stays as it is: what is read from disk cannot be changed."""

    def frozen(self) -> Self:
        """A copy that answers as this one does now, and goes on to while this one learns; it does not learn."""


@dataclass(frozen=True, eq=False)
class Belief:
    """What is, and was, believed of some items, each `[moments, items]`."""

    chance: NDArray[np.float64]
    """Of a yes, all doubt included, 0..1."""
    low: NDArray[np.float64]
    """Where the chance begins that it is with 95 %, 0..1, were the noise of an answer all that is left to luck."""
    high: NDArray[np.float64]
    """And where it ends."""
    deviation: NDArray[np.float64]
    """Standard deviation of the score."""


@runtime_checkable
class Doubts(Protocol):
    """A model that knows how sure it is."""

    def uncertainty(self, histories: Histories) -> NDArray[np.float32]:
        """The standard deviation of every score, `[batch, n_items]`."""

    def beliefs(self, people: Histories, items: NDArray[np.integer], lessons: Sequence[Sequence[Learnt]]) -> Belief:
        """Of `items` at some moments, at each about the one in `people` who stands at its place. The last moment is now; between each and
        the next the model learned `lessons`, one sequence less than there are moments, all that it learned in their order."""
