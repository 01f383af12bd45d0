"""Retrieval: sources that bring movies. A model brings the best of its list; one that points among the movies need not score them all."""

from __future__ import annotations

import time
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MarqueeError
from recommender.models.abilities import Points
from recommender.serving.answers import Person, Served
from recommender.serving.cascade.nearest import EXACT_BELOW, Nearest
from recommender.serving.cascade.plan import FRESH
from recommender.serving.engine import Engine
from recommender.serving.memory import Memory
from recommender.serving.seats import FALLBACK

INDEXES = 4
"""Graphs in memory: one per model that points, and the versions before."""


class Sources:
    """Everybody who can bring movies to a person. Threads may share it."""

    def __init__(self, engine: Engine, exact_below: int = EXACT_BELOW) -> None:
        self._engine, self._exact_below = engine, exact_below
        self._indexes: Memory[Nearest] = Memory(INDEXES)
        self._newest: Memory[NDArray[np.int64]] = Memory(1)
        self._building = Lock()

    def bring(self, name: str, person: Person, count: int) -> tuple[NDArray[np.int64], float]:
        """Up to `count` movies that the person has not rated, best first, and the milliseconds that it took when it was worked out.

        Raises MarqueeError, in one sentence, when the source has nothing of its own to bring.
        """
        if name == FRESH:
            began = time.perf_counter()
            items = self.fresh(person, count)
            return items, 1000 * (time.perf_counter() - began)
        served = next((served for served in self._engine.served() if served.card.slug == name), None)
        if served is None:
            raise MarqueeError("it is not trained yet")
        if isinstance(served.model, Points) and len(self._engine.catalog) >= self._exact_below:
            began = time.perf_counter()
            items = self._near(served, served.model, person, count)
            return items, 1000 * (time.perf_counter() - began)
        answer = self._engine.answer(person, [name], count).get(name)
        if answer is None:
            raise MarqueeError("it could not answer just now")
        if answer.fallback:
            raise MarqueeError(answer.fallback)
        return answer.items.astype(np.int64), answer.milliseconds

    def _near(self, served: Served, model: Points, person: Person, count: int) -> NDArray[np.int64]:
        """By vectors; what was released after the training is placed beside them by the same scores."""
        releases = self._engine.releases
        read = releases.read(person)
        if not (point := model.person_vectors(read.histories())[0]).any():
            raise MarqueeError("none of your ratings tells this model anything")
        with self._building:  # once, not by everybody who waits for it
            index = self._indexes.remembered(
                (served.card.slug, served.version), lambda: Nearest(model.item_vectors(), self._exact_below)
            )
        items, products = index.search(point, count + len(read.items))
        placed = releases.placed(served.model, read)
        items = np.append(items, len(self._engine.catalog) + np.flatnonzero(placed > -np.inf))
        products = np.append(products, placed[placed > -np.inf])
        unseen = ~np.isin(items, person.items)
        return items[unseen][np.argsort(-products[unseen], kind="stable")][:count]

    def fresh(self, person: Person, count: int) -> NDArray[np.int64]:
        """What was released here, the latest first, then the newest years of the catalogue, in each the most popular first."""
        first, releases = len(self._engine.catalog), self._engine.releases
        released = first + np.flatnonzero(releases.standing)[::-1]
        popular = next((served for served in self._engine.served() if served.card.slug == FALLBACK), None)
        newest = self._newest.remembered(popular and popular.version, lambda: self._by_year(popular))
        items = np.concatenate([released, newest[: count + len(person.items)]])
        return items[~np.isin(items, person.items)][:count].astype(np.int64)

    def _by_year(self, popular: Served | None) -> NDArray[np.int64]:
        """Movies whose year is known, the newest first, in each year the most popular."""
        years = self._engine.catalog.frame["year"].fill_null(0).to_numpy()
        order = np.lexsort((np.zeros(len(years)) if popular is None else -popular.nothing, -years))
        return order[years[order] > 0]
