"""The engine: answers all models for one person in one call, remembers what it worked out, and notices new versions."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recommender.data import Catalog, Histories, Interactions
from recommender.errors import MarqueeError
from recommender.models import registry
from recommender.models.base import Recommender
from recommender.ranking import best, rank_of
from recommender.serving.answers import Answer, Person, Problem, Reason, Served, Shown, agreement, overlap
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.serving.explanations import Weighing, leave_one_out, reasons, weigh
from recommender.serving.fallback import offered
from recommender.serving.manifest import Manifest, digest
from recommender.serving.replay import Moment, replay
from recommender.serving.writing import Spelling, spell

log = logging.getLogger("marquee")

FALLBACK = "popularity"
REMEMBERED_BYTES = 64_000_000
"""Of scores in memory: some 250 people with seven models each at 9,066 movies."""
REMEMBERED_ANSWERS = 1_000
"""To questions about a list: what moved it, how it was written; at most 40 kB each."""
REMEMBERED_REPLAYS = 200
"""Of a hundred lists of ten each: some 5 MB."""

Key = TypeVar("Key", bound=Hashable)
Worked = TypeVar("Worked")


class Engine:
    """One per process; threads may share it.

    `_served` is never changed but replaced whole, so that readers need no lock and see every model at one moment.
    """

    def __init__(self, catalog: Catalog, interactions: Interactions, store: ArtifactStore) -> None:
        # Lists for one person are small work: with two threads each, BLAS takes ten times as long on a busy machine as with one.
        threadpool_limits(1, "blas")
        self.catalog = catalog
        self._store = store
        self._digest = digest(catalog.movie_ids)
        self._looking = Lock()
        self._remembering = Lock()
        self._served: dict[str, Served] = {}
        self._looked_at: dict[str, str | None] = {}
        self._unsound: dict[str, Problem] = {}
        self._failing: dict[str, Problem] = {}
        self._rows: LRUCache[tuple[str, str, str], tuple[NDArray[np.float32], float]] = LRUCache(
            REMEMBERED_BYTES, getsizeof=lambda known: known[0].nbytes
        )
        self._asked: LRUCache[tuple[str, str, str, Hashable], Any] = LRUCache(REMEMBERED_ANSWERS)
        self._replays: LRUCache[tuple[str, str, str, int], list[Moment]] = LRUCache(REMEMBERED_REPLAYS)
        if len(interactions):
            opening = registry.model_class(FALLBACK)().fit(interactions, catalog)
            self._served = {FALLBACK: self._seat(opening, "opening", None)}
        self.refresh()

    def refresh(self) -> bool:
        """Pick up versions that were published or rolled back to; one small file is read per model. True when any changed.

        While another thread is at it this one does not wait: loading a model may take seconds, and its turn comes again.
        """
        if not self._looking.acquire(blocking=False):
            return False
        try:
            changed = False
            for slug in registry.names():
                current = self._store.current(slug)
                name = None if current is None else current.name
                if name != self._looked_at.get(slug):
                    changed |= current is not None and self._take(current)
                    self._looked_at[slug] = name
            return changed
        finally:
            self._looking.release()

    def _take(self, current: Version) -> bool:
        """Let the version serve; if it is unsound, the newest sound one."""
        slug, problem = current.slug, None
        others = [version for version in self._store.versions(slug) if version.name != current.name]
        for version in (current, *others):
            try:
                manifest = version.manifest()
                if manifest.movies_digest != self._digest:
                    raise MarqueeError(f"{manifest.model} was trained for another catalogue; train it again.")
                seat = self._seat(version.load(), version.name, manifest)
            except Exception as error:  # whatever is wrong with one model must not close the house
                log.warning("%s %s cannot serve: %s", slug, version.name, error)
                sentence = str(error) if isinstance(error, MarqueeError) else "It cannot be loaded; train it again."
                problem = problem or Problem(slug, sentence)
                continue
            self._served = {**self._served, slug: seat}
            break
        else:
            seat = None
        others_problems = {name: known for name, known in self._unsound.items() if name != slug}
        self._unsound = others_problems if problem is None else {**others_problems, slug: problem}
        return seat is not None

    def _seat(self, model: Recommender, version: str, manifest: Manifest | None) -> Served:
        nobody = Person(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int64), "nobody")
        nothing = model.score(nobody.histories())[0]
        if nothing.shape != (len(self.catalog),):
            raise MarqueeError(
                f"{model.card.name} scores {len(nothing):,} movies, not {len(self.catalog):,}; train it again."
            )
        return Served(model.card, version, manifest, model, _finite(nothing))

    def served(self) -> list[Served]:
        """Models that answer now, in alphabetical order of their slugs."""
        served = self._served
        return [served[slug] for slug in sorted(served)]

    def problems(self) -> list[Problem]:
        """Models that cannot serve, or serve an older version than they should, and why."""
        return list({**self._failing, **self._unsound}.values())

    def answer(self, person: Person, slugs: Sequence[str], k: int = 100) -> dict[str, Answer]:
        """The lists of these models, best k each. A model that fails is left out and becomes a problem."""
        answers = {}
        for slug in slugs:
            if (shown := self._shown(person, slug)) is None:
                continue
            began = time.perf_counter()
            items = best(shown.scores, k)
            milliseconds = shown.milliseconds + 1000 * (time.perf_counter() - began)
            version = shown.served.version
            answers[slug] = Answer(slug, version, items, shown.scores[items], milliseconds, shown.fallback)
        return answers

    def _shown(self, person: Person, slug: str) -> Shown | None:
        """What a model's list for a person is made from; None when the model does not serve or fails."""
        everybody = self._served
        if (served := everybody.get(slug)) is None:
            return None
        if (known := self._tried(served, person, lambda: self._scores(person, served))) is None:
            return None
        row, milliseconds = known
        scores, fallback = offered(person, served.card, served.nothing, everybody.get(FALLBACK, served).nothing, row)
        return Shown(served, scores, milliseconds, fallback)

    def _scores(self, person: Person, served: Served) -> tuple[NDArray[np.float32], float]:
        """The model's scores `[n_items]` for a person, and the milliseconds that they took when they were worked out."""
        if not served.card.personal:
            return served.nothing, 0.0

        def work() -> tuple[NDArray[np.float32], float]:
            began = time.perf_counter()
            row = _finite(served.model.score(person.histories())[0])
            return row, 1000 * (time.perf_counter() - began)

        return self._remembered(self._rows, (person.version, served.card.slug, served.version), work)

    def _tried(self, served: Served, person: Person, work: Callable[[], Worked]) -> Worked | None:
        """What `work` gives; None, and a problem until it succeeds, when the model fails at it."""
        slug = served.card.slug
        try:
            worked = work()
        except Exception:
            log.exception("%s failed for a history of %d", served.card.name, len(person.items))
            self._failing = {**self._failing, slug: Problem(slug, f"{served.card.name} could not answer just now.")}
            return None
        if slug in self._failing:
            self._failing = {name: known for name, known in self._failing.items() if name != slug}
        return worked

    def _remembered(self, memory: LRUCache[Key, Worked], key: Key, work: Callable[[], Worked]) -> Worked:
        """What `work` gave when it was last asked for `key`."""
        with self._remembering:
            known = memory.get(key)
        if known is None:
            known = work()
            with self._remembering:
                memory[key] = known
        return known

    def explain(self, person: Person, slug: str, items: Sequence[int], top: int = 3) -> dict[int, list[Reason]]:
        """For each item the ratings that moved it most, strongest first: by leaving out one rating and scoring again, exactly.

        Empty for a list that is not the model's own (popularity's, or a model that fails): no rating moved it.
        """
        effects = self._effects(person, slug, items)
        return {} if effects is None else reasons(person, items, effects, top)

    def _effects(self, person: Person, slug: str, items: Sequence[int]) -> NDArray[np.float32] | None:
        return self.ask(person, slug, ("effects", *items), lambda model: leave_one_out(model, person, items))

    def weigh(self, person: Person, slug: str, item: int) -> Weighing | None:
        """What moved the item's score, rating by rating, beside what the model looked at; None for models without attention."""
        if (effects := self._effects(person, slug, [item])) is None:
            return None
        return self.ask(person, slug, ("weighed", item), lambda model: weigh(model, person, effects[:, 0]))

    def spell(self, person: Person, slug: str, k: int) -> list[Spelling] | None:
        """The first `k` movies that the model writes for a person, token by token; None for models that do not write."""
        served = self._served
        if slug not in served:
            return None
        known = served.get(FALLBACK, served[slug]).nothing
        return self.ask(person, slug, ("written", k), lambda model: spell(model, person, k, known))

    def ask(
        self, person: Person, slug: str, question: Hashable, work: Callable[[Recommender], Worked]
    ) -> Worked | None:
        """What `work` finds out about the model's list for a person, remembered under `question`.

        None for a list that is not the model's own (popularity's), and when the model fails at it.
        """
        shown = self._shown(person, slug)
        if shown is None or shown.fallback or not shown.served.card.personal:
            return None
        served = shown.served
        key = (person.version, slug, served.version, question)
        return self._tried(served, person, lambda: self._remembered(self._asked, key, lambda: work(served.model)))

    def replay(self, person: Person, slug: str, k: int = 10) -> list[Moment]:
        """What the model would have shown the person after each of their last ratings, oldest first; empty when it does not serve
        or fails. Every list equals what `answer` gives to somebody with those ratings alone."""
        everybody = self._served
        if (served := everybody.get(slug)) is None:
            return []

        def score(histories: Histories) -> NDArray[np.float32]:
            if not served.card.personal:
                return np.broadcast_to(served.nothing, (len(histories), len(served.nothing)))
            return _finite(served.model.score(histories))

        def offer(known: Person, row: NDArray[np.float32]) -> tuple[NDArray[np.float32], str | None]:
            return offered(known, served.card, served.nothing, everybody.get(FALLBACK, served).nothing, row)

        key = (person.version, slug, served.version, k)
        return (
            self._tried(
                served, person, lambda: self._remembered(self._replays, key, lambda: replay(score, offer, person, k))
            )
            or []
        )

    def ranks(self, person: Person, slug: str, item: int) -> int | None:
        """The item's rank (from 1) in the whole list that this model shows the person; None when it is rated or there is no list."""
        shown = self._shown(person, slug)
        if shown is None or item in person.items:
            return None
        return rank_of(shown.scores, item)

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
        others = [name for name in answers if name != slug and slug in answers]
        return min(others, key=lambda name: overlap(answers[slug], answers[name], k), default=slug)


def _finite(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same scores. Raises MarqueeError when some are no numbers: nothing can be ranked by them."""
    if not np.isfinite(scores).all():
        raise MarqueeError("It gives scores that are no numbers; train it again.")
    return scores
