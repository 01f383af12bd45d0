"""Live learning: models that learn from one rating at a time hear every rating the moment it is given, in this process.

The version on disk never changes. A copy of it learns what was rated since its training, in the order in which it was given; a
process that begins anew hears the same ratings again and comes to the same model, so nothing need be written down.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import cast

from recommender.data import Histories
from recommender.models import registry
from recommender.models.abilities import Learns, Learnt
from recommender.models.base import Recommender
from recommender.serving.answers import Served

log = logging.getLogger("marquee")

LESSONS = 300
"""The last of each model are remembered: some 40 kB each."""
PATIENCE_SECONDS = 1.0
"""How long somebody who has just rated waits for another thread that is at it."""


@dataclass(frozen=True, eq=False)
class Given:
    """A rating that somebody gave."""

    number: int
    """Later ones have greater numbers."""
    person: int
    before: Histories
    """What they had rated before, a batch of one."""
    item: int
    """-1 where there is nothing to learn: stars were taken away, or the movie is not in the catalogue."""
    stars: float


Heard = Callable[[int], Iterable[Given]]
"""All that was given after a number, in order."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """What a rating taught a model."""

    number: int
    person: int
    before: Histories
    """What they had rated before."""
    learnt: Learnt
    milliseconds: float
    """That learning it took."""


@dataclass(frozen=True, eq=False)
class Taught:
    """A model as it is after its lessons."""

    version: Served
    """What it was before the first, as on disk."""
    seat: Served
    """What answers now."""
    lessons: tuple[Lesson, ...]
    """The last ones, in order, none left out."""


@dataclass(eq=False)
class _Pupil:
    version: Served
    model: Learns
    heard: int
    """The number of the last rating that it heard, whether that taught it anything or not."""
    lessons: deque[Lesson] = field(default_factory=lambda: deque(maxlen=LESSONS))


class Live:
    """`taught` is never changed but replaced whole, so that readers need no lock."""

    taught: Mapping[str, Taught]
    """By slug, those that have learned anything since their training."""

    def __init__(self) -> None:
        self.taught = {}
        self._pupils: dict[str, _Pupil] = {}
        self._listening = Lock()

    def over(self, served: Mapping[str, Served]) -> Mapping[str, Served]:
        """Who serves, those in their taught form that have been taught."""
        changed = {slug: taught.seat for slug, taught in self.taught.items() if served.get(slug) is taught.version}
        return {**served, **changed} if changed else served

    def listen(self, served: Mapping[str, Served], heard: Heard, patience: float = PATIENCE_SECONDS) -> None:
        """Learn all that was given since they last listened, or since they were trained, and let it show.

        While another thread is at it this one waits for so many seconds and then goes on without: its ratings will be heard.
        """
        if not self._listening.acquire(timeout=patience):
            return
        try:
            self._enrol(served)
            if not self._pupils:
                return
            taught: set[str] = set()
            for given in heard(min(pupil.heard for pupil in self._pupils.values())):
                taught |= {slug for slug, pupil in self._pupils.items() if _teach(slug, pupil, given)}
            if taught:
                self.taught = {**self.taught, **{slug: _as_taught(self._pupils[slug]) for slug in taught}}
        finally:
            self._listening.release()

    def _enrol(self, served: Mapping[str, Served]) -> None:
        """Begin with every new version of a model that learns, and let go of those that no longer serve."""
        able = {slug: seat for slug, seat in served.items() if isinstance(seat.model, Learns)}
        kept = {slug: pupil for slug, pupil in self._pupils.items() if able.get(slug) is pupil.version}
        for slug, seat in able.items():
            if slug not in kept:
                begins = 0 if seat.manifest is None else seat.manifest.heard
                kept[slug] = _Pupil(seat, cast(Learns, seat.model).awake(), begins)
        self._pupils = kept
        self.taught = {
            slug: taught
            for slug, taught in self.taught.items()
            if slug in kept and kept[slug].version is taught.version
        }


def _teach(slug: str, pupil: _Pupil, given: Given) -> bool:
    """Whether it taught anything. A rating that cannot be learned is passed over: it must not keep the next one waiting."""
    if given.number <= pupil.heard:
        return False
    pupil.heard = given.number
    if given.item < 0:
        return False
    began = time.perf_counter()
    try:
        learnt = pupil.model.learn(given.before, given.item, given.stars)
    except Exception:
        log.exception("%s could not learn rating %d", slug, given.number)
        return False
    if learnt is None:
        return False
    pupil.lessons.append(Lesson(given.number, given.person, given.before, learnt, 1000 * (time.perf_counter() - began)))
    return True


def _as_taught(pupil: _Pupil) -> Taught:
    lessons = tuple(pupil.lessons)
    seat = replace(
        pupil.version, model=cast(Recommender, pupil.model.frozen()), taught=lessons[-1].number, trained=pupil.version
    )
    return Taught(pupil.version, seat, lessons)


def able() -> list[str]:
    """Slugs of the models that can learn live, trained or not, the newest first."""
    models = [registry.model_class(name) for name in registry.names()]
    cards = [model.card for model in models if hasattr(model, "learn")]
    return [card.slug for card in sorted(cards, key=lambda card: (-card.paper.year, card.slug))]
