"""The engine: answers all models for one person in one call, remembers what it worked out, and notices new versions."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recommender.data import Catalog, Histories, Interactions
from recommender.errors import MarqueeError
from recommender.models.abilities import Places
from recommender.models.base import Recommender
from recommender.ranking import best, rank_of
from recommender.serving.answers import Answer, Person, Problem, Reason, Served, Shown, agreement, overlap
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.explanations import Weighing, leave_one_out, reasons, weigh
from recommender.serving.fallback import offered
from recommender.serving.live import PATIENCE_SECONDS, Heard, Live, Taught
from recommender.serving.memory import Memory
from recommender.serving.releases import Releases, WithNewcomers
from recommender.serving.replay import Moment, replay
from recommender.serving.seats import FALLBACK, Seats, finite
from recommender.serving.writing import Spelling, spell

log = logging.getLogger("marquee")

REMEMBERED_BYTES = 64_000_000
"""Of scores in memory: some 250 people with seven models each at 9,066 movies."""
ANSWER_BYTES = 40_000
"""Of an answer to a question about a list at most, such as what moved it or how it was written, unless it is an array."""
REMEMBERED_REPLAYS = 200
"""Of a hundred lists of ten each: some 5 MB."""

Worked = TypeVar("Worked")


class Engine:
    """One per process; threads may share it.

    Models and releases are never changed but replaced whole, so that readers need no lock and see everything at one moment.
    """

    def __init__(self, catalog: Catalog, interactions: Interactions, store: ArtifactStore) -> None:
        # Lists for one person are small work: with two threads each, BLAS takes ten times as long on a busy machine as with one.
        threadpool_limits(1, "blas")
        self.catalog = catalog
        self.releases = Releases.none(catalog)
        self._seats = Seats(catalog, interactions, store)
        self._live = Live()
        self._failing: dict[str, Problem] = {}
        self._rows: Memory[tuple[NDArray[np.float32], float]] = Memory(
            REMEMBERED_BYTES, size=lambda known: known[0].nbytes
        )
        self._placed: Memory[NDArray[np.float32]] = Memory(REMEMBERED_BYTES / 8, size=lambda known: known.nbytes)
        self._asked: Memory[Any] = Memory(
            REMEMBERED_BYTES, size=lambda known: float(getattr(known, "nbytes", ANSWER_BYTES))
        )
        self._replays: Memory[list[Moment]] = Memory(REMEMBERED_REPLAYS)

    def refresh(self) -> bool:
        """Pick up versions that were published or rolled back to; one small file is read per model. True when any changed."""
        return self._seats.refresh()

    def listen(self, heard: Heard, patience: float = PATIENCE_SECONDS) -> None:
        """Let the models that learn from one rating at a time learn those that were given since; see `Live.listen`."""
        self._live.listen(self._seats.served, heard, patience)

    def taught(self, slug: str) -> Taught | None:
        """A model as it is after what it learned in this process; None when that is nothing."""
        return self._live.taught.get(slug)

    @property
    def _served(self) -> Mapping[str, Served]:
        return self._live.over(self._seats.served)

    def release(self, released: Catalog, standing: NDArray[np.bool_], version: str) -> None:
        """Show these movies behind the catalogue from now on: all that were ever released, in order, and which of them stand."""
        self.releases = Releases(self.catalog, released, standing, version)

    def served(self) -> list[Served]:
        """Models that answer now, in alphabetical order of their slugs."""
        served = self._served
        return [served[slug] for slug in sorted(served)]

    def problems(self) -> list[Problem]:
        """Models that cannot serve, or serve an older version than they should, and why."""
        return list({**self._failing, **self._seats.unsound}.values())

    def answer(self, person: Person, slugs: Sequence[str], k: int = 100) -> dict[str, Answer]:
        """The lists of these models, best k each. A model that fails is left out and becomes a problem."""
        answers = {}
        for slug in slugs:
            if (shown := self._shown(person, slug)) is None:
                continue
            began = time.perf_counter()
            items = best(shown.scores, k)
            milliseconds = shown.milliseconds + 1000 * (time.perf_counter() - began)
            version = shown.served.state
            answers[slug] = Answer(slug, version, items, shown.scores[items], milliseconds, shown.fallback)
        return answers

    def _shown(self, person: Person, slug: str) -> Shown | None:
        """What a model's list for a person is made from; None when the model does not serve or fails."""
        everybody, releases = self._served, self.releases
        if (served := everybody.get(slug)) is None:
            return None
        read = releases.read(person)
        if (known := self._tried(served, read, lambda: self.scores(read, served))) is None:
            return None
        row, milliseconds = known
        scores, fallback = offered(read, served.card, served.nothing, everybody.get(FALLBACK, served).nothing, row)
        if len(releases):
            nowhere = np.full(len(releases), -np.inf, np.float32)
            scores = np.concatenate([scores, nowhere if fallback else self._newcomers(read, served, releases)])
            scores[person.items[person.items < len(scores)]] = -np.inf
        return Shown(served, scores, milliseconds, fallback)

    def scores(self, read: Person, served: Served) -> tuple[NDArray[np.float32], float]:
        """The model's scores `[n_items]` for what it reads of a person, and the milliseconds that they took when they were worked out."""
        if not served.card.personal:
            return served.nothing, 0.0

        def work() -> tuple[NDArray[np.float32], float]:
            began = time.perf_counter()
            row = finite(served.model.score(read.histories())[0])
            return row, 1000 * (time.perf_counter() - began)

        return self._rows.remembered((read.version, served.card.slug, served.state), work)

    def _newcomers(self, read: Person, served: Served, releases: Releases) -> NDArray[np.float32]:
        """The model's scores of the released movies, `[n_released]`; -inf for all when it cannot place them just now."""

        def work() -> NDArray[np.float32]:
            try:
                return releases.placed(served.model, read)
            except MarqueeError as error:
                log.warning("%s cannot place released movies: %s", served.card.name, error)
                return np.full(len(releases), -np.inf, np.float32)

        return self._placed.remembered((read.version, served.card.slug, served.state, releases.version), work)

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

    def explain(self, person: Person, slug: str, items: Sequence[int], top: int = 3) -> dict[int, list[Reason]]:
        """For each item the ratings that moved it most, strongest first: by leaving out one rating and scoring again, exactly.

        Empty for a list that is not the model's own (popularity's, or a model that fails): no rating moved it.
        """
        effects = self._effects(person, slug, items)
        return {} if effects is None else reasons(self.releases.read(person), items, effects, top)

    def _effects(self, person: Person, slug: str, items: Sequence[int]) -> NDArray[np.float32] | None:
        """Of each rating on each item, `[tried, items]`; None where the model does not show them all."""
        releases = self.releases
        read, new = releases.read(person), max(items, default=0) >= len(self.catalog)

        def work(model: Recommender) -> NDArray[np.float32] | None:
            if not new:
                return leave_one_out(model, read, items)
            if not isinstance(model, Places) or not all(map(releases.stands, items)):
                return None
            extended = WithNewcomers(model, self.catalog, releases.newcomers)
            return leave_one_out(extended, read, extended.columns(items, releases))

        return self.ask(person, slug, ("effects", *items, releases.version if new else ""), work)

    def weigh(self, person: Person, slug: str, item: int) -> Weighing | None:
        """What moved the item's score, rating by rating, beside what the model looked at; None for models without attention."""
        if (effects := self._effects(person, slug, [item])) is None:
            return None
        read = self.releases.read(person)
        return self.ask(person, slug, ("weighed", item), lambda model: weigh(model, read, effects[:, 0]))

    def spell(self, person: Person, slug: str, k: int) -> list[Spelling] | None:
        """The first `k` movies that the model writes for a person, token by token; None for models that do not write."""
        served = self._served
        if slug not in served:
            return None
        known, read = served.get(FALLBACK, served[slug]).nothing, self.releases.read(person)
        return self.ask(person, slug, ("written", k), lambda model: spell(model, read, k, known))

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
        key = (person.version, slug, served.state, question)
        return self._tried(served, person, lambda: self._asked.remembered(key, lambda: work(served.model)))

    def replay(self, person: Person, slug: str, k: int = 10) -> list[Moment]:
        """What the model would have shown the person after each of their last ratings, oldest first; empty when it does not serve
        or fails. Every list equals what `answer` gives to somebody with those ratings alone, before anything was released."""
        everybody, person = self._served, self.releases.read(person)
        if (served := everybody.get(slug)) is None:
            return []

        def score(histories: Histories) -> NDArray[np.float32]:
            if not served.card.personal:
                return np.broadcast_to(served.nothing, (len(histories), len(served.nothing)))
            return finite(served.model.score(histories))

        def offer(known: Person, row: NDArray[np.float32]) -> tuple[NDArray[np.float32], str | None]:
            return offered(known, served.card, served.nothing, everybody.get(FALLBACK, served).nothing, row)

        key = (person.version, slug, served.state, k)

        def work() -> list[Moment]:
            return self._replays.remembered(key, lambda: replay(score, offer, person, k))

        return self._tried(served, person, work) or []

    def ranks(self, person: Person, slug: str, item: int) -> int | None:
        """The item's rank (from 1) in the whole list that this model shows the person; None when it is not in there: rated, or released and
        not to be placed by this model."""
        shown = self._shown(person, slug)
        if shown is None or item >= len(shown.scores) or shown.scores[item] == -np.inf:
            return None
        return rank_of(shown.scores, item)

    def similar(self, slug: str, item: int, k: int) -> Answer | None:
        """What the model shows to somebody who loved this one movie and knows no other; None when it does not serve, and for a
        released movie, which no model reads."""
        if item >= len(self.catalog):
            return None
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
