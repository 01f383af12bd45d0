"""The engine: answers all models for one person in one call, remembers what it worked out, and notices new versions."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import RLock

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from recommender.data import Catalog, Interactions
from recommender.errors import MarqueeError
from recommender.models import registry
from recommender.models.base import ModelCard, Recommender
from recommender.serving.answers import Answer, Person, Problem, Reason, agreement, overlap
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.serving.explanations import leave_one_out
from recommender.serving.manifest import Manifest, digest

log = logging.getLogger("marquee")

FALLBACK = "popularity"
REMEMBERED_ROWS = 1_000
"""Rows of scores in memory: 36 MB at 9,066 movies."""
NUMBERS = ("no rating", "one rating is", "two ratings are", "three ratings are", "four ratings are")


@dataclass(frozen=True, eq=False)
class Served:
    """A model that answers now."""

    card: ModelCard
    version: str
    manifest: Manifest | None
    """None for the popularity that the house opens with before anything was trained."""
    model: Recommender
    nothing: NDArray[np.float32]
    """Its scores for an empty history, `[n_items]`: a person scored the same told the model nothing."""


class Engine:
    """One per process; threads may share it."""

    def __init__(self, catalog: Catalog, interactions: Interactions, store: ArtifactStore) -> None:
        self.catalog = catalog
        self._store = store
        self._digest = digest(catalog.movie_ids)
        self._lock = RLock()
        self._served: dict[str, Served] = {}
        self._looked_at: dict[str, str | None] = {}
        self._problems: dict[str, Problem] = {}
        self._rows: LRUCache[tuple[str, str, str], tuple[NDArray[np.float32], float]] = LRUCache(REMEMBERED_ROWS)
        self._reasons: LRUCache[tuple[str, str, str, tuple[int, ...]], dict[int, list[Reason]]] = LRUCache(
            REMEMBERED_ROWS
        )
        if len(interactions):
            opening = registry.model_class(FALLBACK)().fit(interactions, catalog)
            self._served[FALLBACK] = self._seat(opening, "opening", None)
        self.refresh()

    def refresh(self) -> bool:
        """Pick up versions that were published or rolled back to; one small file is read per model. True when any changed."""
        changed = False
        with self._lock:
            for slug in registry.names():
                current = self._store.current(slug)
                name = None if current is None else current.name
                if name != self._looked_at.get(slug):
                    self._looked_at[slug] = name
                    changed |= current is not None and self._take(current)
        return changed

    def _take(self, current: Version) -> bool:
        """Let the version serve; if it is unsound, the newest sound one."""
        self._problems.pop(current.slug, None)
        others = [version for version in self._store.versions(current.slug) if version.name != current.name]
        for version in (current, *others):
            try:
                manifest = version.manifest()
                if manifest.movies_digest != self._digest:
                    raise MarqueeError(f"{manifest.model} was trained for another catalogue; train it again.")
                seat = self._seat(version.load(), version.name, manifest)
            except Exception as error:  # whatever is wrong with one model must not close the house
                log.warning("%s %s cannot serve: %s", version.slug, version.name, error)
                sentence = str(error) if isinstance(error, MarqueeError) else "It cannot be loaded; train it again."
                self._problems.setdefault(version.slug, Problem(version.slug, sentence))
                continue
            self._served[version.slug] = seat
            return True
        return False

    def _seat(self, model: Recommender, version: str, manifest: Manifest | None) -> Served:
        nobody = Person(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int64), "nobody")
        nothing = model.score(nobody.histories())[0]
        if nothing.shape != (len(self.catalog),):
            raise MarqueeError(
                f"{model.card.name} scores {len(nothing):,} movies, not {len(self.catalog):,}; train it again."
            )
        return Served(model.card, version, manifest, model, nothing)

    def served(self) -> list[Served]:
        """Models that answer now, in alphabetical order of their slugs."""
        with self._lock:
            return [self._served[slug] for slug in sorted(self._served)]

    def problems(self) -> list[Problem]:
        """Models that cannot serve, or serve an older version than they should, and why."""
        with self._lock:
            return list(self._problems.values())

    def answer(self, person: Person, slugs: Sequence[str], k: int = 100) -> dict[str, Answer]:
        """The lists of these models, best k each. A model that fails is left out and becomes a problem."""
        answers = {}
        for slug in slugs:
            served = self._served.get(slug)
            if served is not None and (answer := self._answer(person, served, k)) is not None:
                answers[slug] = answer
        return answers

    def _answer(self, person: Person, served: Served, k: int) -> Answer | None:
        try:
            row, milliseconds = self._scores(person, served)
        except Exception:
            log.exception("%s failed for a history of %d", served.card.name, len(person.items))
            self._problems[served.card.slug] = Problem(
                served.card.slug, f"{served.card.name} could not answer just now."
            )
            return None
        reason = self._why_not(person, served, row)
        began = time.perf_counter()
        scores = (self._served[FALLBACK].nothing if reason else row).copy()
        scores[person.items] = -np.inf
        unseen = len(scores) - len(np.unique(person.items))
        items = _best(scores, min(k, unseen))
        milliseconds += 1000 * (time.perf_counter() - began)
        return Answer(served.card.slug, served.version, items, scores[items], milliseconds, reason)

    def _scores(self, person: Person, served: Served) -> tuple[NDArray[np.float32], float]:
        """The model's scores `[n_items]` for a person, and the milliseconds that they took when they were worked out."""
        key = (person.version, served.card.slug, served.version)
        with self._lock:
            known = self._rows.get(key)
        if known is None:
            began = time.perf_counter()
            row = served.model.score(person.histories())[0]
            known = row, 1000 * (time.perf_counter() - began)
            with self._lock:
                self._rows[key] = known
        return known

    def _why_not(self, person: Person, served: Served, row: NDArray[np.float32]) -> str | None:
        """Why this person gets popularity instead of the model's own list; None when they do not."""
        card, count = served.card, len(person.items)
        if not card.personal:
            return None
        if count == 0:
            return "you have not rated anything yet"
        if count < card.min_history:
            few = NUMBERS[count] if count < len(NUMBERS) else f"{count} ratings are"
            return f"{few} too few for this model"
        return "none of your ratings tells this model anything" if np.array_equal(row, served.nothing) else None

    def explain(self, person: Person, slug: str, items: Sequence[int], top: int = 3) -> dict[int, list[Reason]]:
        """For each item the ratings that moved it most, strongest first: by leaving out one rating and scoring again, exactly."""
        served = self._served.get(slug)
        if served is None or not served.card.personal or not len(person.items):
            return {}
        key = (person.version, slug, served.version, (top, *items))
        with self._lock:
            known = self._reasons.get(key)
        if known is None:
            known = leave_one_out(served.model, person, items, top)
            with self._lock:
                self._reasons[key] = known
        return known

    def ranks(self, person: Person, slug: str, item: int) -> int | None:
        """The item's rank (from 1) in this model's whole list for the person; None when it is rated or the model does not serve."""
        served = self._served.get(slug)
        if served is None or item in person.items:
            return None
        row, _ = self._scores(person, served)
        scores = row.copy()
        scores[person.items] = -np.inf
        return int(1 + (scores > scores[item]).sum() + (scores[:item] == scores[item]).sum())

    def similar(self, slug: str, item: int, k: int) -> Answer | None:
        """What the model shows to somebody who loved this one movie and knows no other; None when it does not serve."""
        lover = Person(np.array([item], np.int32), np.array([5], np.float32), np.array([0], np.int64), f"loves {item}")
        return self.answer(lover, [slug], k).get(slug)

    def agreement(self, answers: dict[str, Answer], k: int = 20) -> float:
        """Mean overlap of all pairs of lists, 0..1."""
        return agreement(answers, k)

    def most_different(self, person: Person, slug: str, k: int = 20) -> str:
        """The model whose list shares least with that of `slug`; of several the first by name."""
        answers = self.answer(person, [served.card.slug for served in self.served()], k)
        others = [name for name in answers if name != slug]
        return min(others, key=lambda name: overlap(answers[slug], answers[name], k), default=slug)


def _best(scores: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    """The k highest, best first; equal ones by their index, so that lists are always the same."""
    if k < len(scores):
        threshold = np.partition(scores, -k)[-k] if k else np.inf
        candidates = np.flatnonzero(scores >= threshold)
    else:
        candidates = np.arange(len(scores))
    return candidates[np.lexsort((candidates, -scores[candidates]))][:k].astype(np.int32)
