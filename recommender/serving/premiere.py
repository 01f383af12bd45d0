"""A movie that nobody has rated, at once: where each model would show it, to whom it speaks, and which models cannot see it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from joblib import cpu_count
from numpy.typing import NDArray

from recommender.data import Catalog, Histories
from recommender.errors import MarqueeError
from recommender.features.newcomers import load_text_model, nearest
from recommender.models.abilities import Places
from recommender.models.base import ModelCard
from recommender.serving.answers import Person, Reason, Served
from recommender.serving.engine import Engine
from recommender.serving.explanations import leave_one_out, reasons
from recommender.serving.fallback import why_not

NO_FEATURES = "knows movies by who rated them, and nobody has rated this one"

_side_by_side = ThreadPoolExecutor(cpu_count(), "premiere")
"""What a model does here is large products and sorting, which let other threads go on."""


class Preparation:
    """What is loaded in the background so that the first movie need not wait for it."""

    def __init__(self, engine: Engine) -> None:
        self._loading = ThreadPoolExecutor(1, "text-model").submit(self._load, engine)

    @staticmethod
    def _load(engine: Engine) -> None:
        load_text_model(engine.catalog)
        premiere(engine, Catalog(engine.catalog.frame[:1]), [])  # what each model works out for its first newcomer

    def done(self) -> bool:
        """Whether a movie can be placed at once."""
        return self._loading.done()

    def wait(self) -> None:
        """Return when it can."""
        with suppress(MarqueeError):  # whoever needs what could not be loaded will say so
            self._loading.result()


@lru_cache(maxsize=1)
def preparation(engine: Engine) -> Preparation:
    """Begun with the first call for an engine; later ones tell how it is going."""
    return Preparation(engine)


@dataclass(frozen=True, eq=False)
class Placement:
    """Where one model would show the movie."""

    card: ModelCard
    ranks: tuple[int | None, ...]
    """For each person the rank (from 1) among all movies that they have not rated; None for somebody of whom it knows nothing."""
    milliseconds: float
    """Of placing it for all of them; what each makes of the other movies is remembered."""


@dataclass(frozen=True)
class Blind:
    """A model that cannot see the movie."""

    card: ModelCard
    sentence: str
    """Why, as the end of a sentence."""


@dataclass(frozen=True, eq=False)
class Premiere:
    """What all models make of the movie."""

    placed: tuple[Placement, ...]
    blind: tuple[Blind, ...]


def premiere(engine: Engine, newcomer: Catalog, people: Sequence[Person]) -> Premiere:
    """Place the one movie of `newcomer` for these people by every model that can."""

    def ask(served: Served) -> Placement | Blind:
        try:
            if isinstance(served.model, Places):
                return _placement(engine, served, newcomer, people)
            return Blind(served.card, NO_FEATURES)
        except MarqueeError as error:
            return Blind(served.card, str(error))

    answers = list(_side_by_side.map(ask, engine.served()))
    return Premiere(
        tuple(answer for answer in answers if isinstance(answer, Placement)),
        tuple(answer for answer in answers if isinstance(answer, Blind)),
    )


def _placement(engine: Engine, served: Served, newcomer: Catalog, people: Sequence[Person]) -> Placement:
    assert isinstance(served.model, Places)
    read = [engine.releases.read(person) for person in people]
    rows = [engine.scores(person, served)[0] for person in read]
    began = time.perf_counter()
    histories = Histories.of([(person.items, person.ratings, person.timestamps) for person in read])
    scores = served.model.place(histories, engine.catalog, newcomer)[:, 0]
    ranks = [
        None
        if why_not(served.card, served.nothing, len(person.items), row)
        else rank_among(row, person.items, float(score))
        for person, row, score in zip(read, rows, scores, strict=True)
    ]
    return Placement(served.card, tuple(ranks), 1000 * (time.perf_counter() - began))


def rank_among(row: NDArray[np.float32], rated: NDArray[np.int32], score: float) -> int:
    """The rank (from 1) of a newcomer scored `score` among the movies, scored `row`, that were not rated; it comes after its equals."""
    before = row >= score
    return int(1 + np.count_nonzero(before) - np.count_nonzero(before[np.unique(rated)]))


def speakers(engine: Engine, slug: str, newcomer: Catalog, person: Person, top: int = 3) -> list[Reason]:
    """The person's ratings that speak for the movie in a model's eyes, strongest first: by leaving out one rating and placing again.

    Effects are in units of the model's own scores. Empty where the model cannot place movies or no rating speaks for it.
    """
    served = next((served for served in engine.served() if served.card.slug == slug), None)
    read = engine.releases.read(person)
    if served is None or not isinstance(served.model, Places) or not len(read.items):
        return []
    effects = leave_one_out(_Placed(served.model, engine.catalog, newcomer), read, [0])
    return reasons(read, [0], effects, top)[0]


@dataclass(frozen=True, eq=False)
class _Placed:
    """Scores of newcomers alone."""

    model: Places
    base: Catalog
    newcomers: Catalog

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """`[batch, n_newcomers]`."""
        return self.model.place(histories, self.base, self.newcomers)


def neighbours(engine: Engine, newcomer: Catalog, k: int) -> list[int]:
    """The items of the catalogue whose texts are nearest to the movie's, nearest first; empty where none has a word in common."""
    return nearest(engine.catalog, newcomer, k)
