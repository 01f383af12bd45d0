"""Movies that were released after the training: behind the catalogue as further items, in the lists of models that can place them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recommender.data import Catalog, Histories
from recommender.models.abilities import Places
from recommender.models.base import Recommender
from recommender.serving.answers import Person
from recommender.serving.seats import finite


@dataclass(frozen=True, eq=False)
class Releases:
    """All movies that were ever released; item `len(base) + i` is the i-th. Its place is never given to another one, so an item
    number that a page holds goes on to mean the same movie when others come and go."""

    base: Catalog
    """The movies that the models were trained on."""
    released: Catalog
    """In the order of their release."""
    standing: NDArray[np.bool_]
    """Whether each may still be shown, `[n_released]`; the others were withdrawn."""
    version: str
    """Another one after every change."""

    @classmethod
    def none(cls, base: Catalog) -> Releases:
        """Before anything was released."""
        return cls(base, Catalog(base.frame[:0]), np.empty(0, bool), "")

    def __len__(self) -> int:
        return len(self.released)

    @cached_property
    def everything(self) -> Catalog:
        """The catalogue with what came after it; row i is item i of every list."""
        return Catalog(pl.concat([self.base.frame, self.released.frame])) if len(self) else self.base

    @cached_property
    def newcomers(self) -> Catalog:
        """Those that stand."""
        return Catalog(self.released.frame.filter(pl.Series(self.standing)))

    def stands(self, item: int) -> bool:
        """Whether a list may show the item."""
        return item < len(self.base) or bool(self.standing[item - len(self.base)])

    def read(self, person: Person) -> Person:
        """What models read of a person: ratings of released movies are kept, but no model has learnt those movies."""
        known = person.items < len(self.base)
        if known.all():
            return person
        return Person(person.items[known], person.ratings[known], person.timestamps[known], person.version)

    def placed(self, model: Recommender, person: Person) -> NDArray[np.float32]:
        """The model's scores of the released movies for what it reads of a person, `[n_released]`.

        -inf, which no list shows, for withdrawn ones, and for all where the model cannot place movies.
        """
        scores = np.full(len(self), -np.inf, np.float32)
        if isinstance(model, Places) and self.standing.any():
            scores[self.standing] = finite(model.place(person.histories(), self.base, self.newcomers)[0])
        return scores


@dataclass(frozen=True, eq=False)
class WithNewcomers:
    """A model that scores its own movies and, behind them, newcomers."""

    model: Recommender
    base: Catalog
    newcomers: Catalog

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Of everything, `[batch, n_items + n_newcomers]`. Only for models that can place movies."""
        assert isinstance(self.model, Places)
        placed = self.model.place(histories, self.base, self.newcomers)
        return np.concatenate([self.model.score(histories), placed], axis=1)

    def columns(self, items: Sequence[int], releases: Releases) -> list[int]:
        """Where standing items of `releases` are in the scores, if its newcomers are ours."""
        place = np.cumsum(releases.standing) - 1
        first = len(self.base)
        return [item if item < first else first + int(place[item - first]) for item in items]
