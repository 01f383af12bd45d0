"""Runs a cascade. Each stage has its deadline; what fails or is late is left out of this answer, and the outcome says so."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MarqueeError
from recommender.serving.answers import Person, Served
from recommender.serving.cascade.nearest import EXACT_BELOW
from recommender.serving.cascade.outcome import RANKING, RETRIEVAL, Brought, Outcome, Passed
from recommender.serving.cascade.plan import Plan, Reranking, Retrieval
from recommender.serving.cascade.ranking import rank
from recommender.serving.cascade.reordering import Facts, reordered
from recommender.serving.cascade.retrieval import Sources
from recommender.serving.engine import Engine
from recommender.serving.memory import Memory

log = logging.getLogger("marquee")

AT_ONCE = 8
"""Sources and stages that are at work at a time in one process. What is late blocks its place until it is done."""

Worked = TypeVar("Worked")


class Cascade:
    """One per process; threads may share it."""

    def __init__(self, engine: Engine, exact_below: int = EXACT_BELOW) -> None:
        self._engine = engine
        self._sources = Sources(engine, exact_below)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="cascade")
        self._facts: Memory[Facts] = Memory(2)

    def run(self, person: Person, plan: Plan, instead: Sequence[str] = ()) -> Outcome:
        """The list for a person. Where the plan's ranker is not ready, the first of `instead` that is ranks."""
        facts = self._facts_now()  # before any deadline runs, since the first visitor waits for them
        sources, retrieved = self._retrieve(person, plan.retrieval)
        ranked, scores = self._rank(person, plan, retrieved.left, instead)
        stages = [retrieved, ranked]
        for step in plan.reranking:
            made, scores = self._rerank(person, step, stages[-1].left, scores, facts)
            stages.append(made)
        releases = self._engine.releases
        standing = len(releases.base) + int(releases.standing.sum())
        rated = sum(map(releases.stands, np.unique(person.items).tolist()))
        return Outcome(standing - rated, sources, tuple(stages))

    def _retrieve(self, person: Person, stage: Retrieval) -> tuple[tuple[Brought, ...], Passed]:
        began = time.perf_counter()
        asked: dict[str, Future[tuple[NDArray[np.int64], float]]] = {
            name: self._pool.submit(self._sources.bring, name, person, count) for name, count in stage.sources.items()
        }
        sources = []
        for name, future in asked.items():
            left = stage.deadline - 1000 * (time.perf_counter() - began)
            in_time = _within(future, left, stage.deadline, name)
            items, milliseconds = in_time[0] or (np.empty(0, np.int64), stage.deadline)
            sources.append(Brought(name, tuple(items.tolist()), milliseconds, in_time[1]))
        # An answer that was remembered counts with the time that it once took, as it does on every page.
        waited = 1000 * (time.perf_counter() - began)
        took = max([waited, *(source.milliseconds for source in sources if not source.left_out)])
        best: dict[int, int] = {}
        for source in sources:
            for place, item in enumerate(source.items):
                best[item] = min(place, best.get(item, place))
        union = tuple(sorted(best, key=best.__getitem__))
        problem = None if union else "no source brought anything"
        return tuple(sources), Passed(RETRIEVAL, union, union, len(union), took, problem)

    def _rank(
        self, person: Person, plan: Plan, entered: tuple[int, ...], instead: Sequence[str]
    ) -> tuple[Passed, NDArray[np.float64]]:
        """The stage, and the scores of what it passed on, highest first."""
        planned, keep = plan.ranking.model, plan.ranking.keep
        places = -np.arange(min(keep, len(entered)), dtype=np.float64)  # scores where nobody ranks
        if (served := self._ready([planned, *instead])) is None:
            nobody = "no model that could rank is trained yet"
            return Passed(RANKING, entered, entered, keep, 0.0, nobody, planned), places
        slug, replaced = served.card.slug, planned if served.card.slug != planned else None
        items = np.array(entered, np.int64)
        found, took, problem = self._in_time(
            lambda: rank(self._engine, served, person, items), plan.ranking.deadline, slug
        )
        if found is None:
            return Passed(RANKING, entered, entered, keep, took, problem, slug, replaced), places
        scores, milliseconds = found
        order = np.argsort(-scores, kind="stable")[: int((scores > -np.inf).sum())]
        ordered = tuple(items[order].tolist())
        took = max(took, milliseconds)  # what was remembered counts with the time that it once took
        return Passed(RANKING, entered, ordered, keep, took, None, slug, replaced), scores[order][:keep]

    def _rerank(
        self, person: Person, step: Reranking, entered: tuple[int, ...], scores: NDArray[np.float64], facts: Facts
    ) -> tuple[Passed, NDArray[np.float64]]:
        """The stage, and the same scores on its order: the next one respects this order, by the ranker's own distances."""
        items = np.array(entered, np.int64)
        order, took, problem = self._in_time(
            lambda: reordered(person, step, items, scores, facts), step.deadline, step.by
        )
        ordered = entered if order is None else tuple(items[order].tolist())
        return Passed(step.by, entered, ordered, step.keep, took, problem), scores[: step.keep]

    def _facts_now(self) -> Facts:
        releases = self._engine.releases
        return self._facts.remembered(releases.version, lambda: Facts.of(releases))

    def _ready(self, slugs: Sequence[str]) -> Served | None:
        served = {served.card.slug: served for served in self._engine.served()}
        return next((served[slug] for slug in slugs if slug in served), None)

    def _in_time(
        self, work: Callable[[], Worked], deadline: float, name: str
    ) -> tuple[Worked | None, float, str | None]:
        """What `work` gives, the milliseconds that were waited, and why there is nothing when there is nothing."""
        began = time.perf_counter()
        found, problem = _within(self._pool.submit(work), deadline, deadline, name)
        return found, 1000 * (time.perf_counter() - began), problem


def _within(future: Future[Worked], left: float, deadline: float, name: str) -> tuple[Worked | None, str | None]:
    """What comes within `left` milliseconds; else None, and why in words."""
    try:
        return future.result(max(0.0, left) / 1000), None
    except TimeoutError:
        future.cancel()  # if it has not begun, it need not
        return None, f"it took longer than its {deadline:,.0f} ms"
    except MarqueeError as error:
        return None, str(error)
    except Exception:
        log.exception("%s failed in the cascade", name)
        return None, "it failed"
