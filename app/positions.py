"""Where visitors of this house look on a list: the propensity of each stretch of places, from what was shown and clicked here.

Nothing is shuffled for it. The same movie stands before the same visitor now here, now there, as models are switched and stars are given; that says how
much of a click is due to the place. Who has rated a movie sees it no more, so that strictly odds are compared, not chances: where one showing
in twenty is clicked, low places come out about a twentieth too low. Worked out aside; until newer figures are there, pages show the last.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

import numpy as np

from app.resources import House, house
from db import examination
from db.examination import AtPlace, PairAtPlace
from recommender.unbiased.harvest import Seen, harvested

__all__ = ["FEWEST", "FEWEST_PEOPLE", "STRETCHES", "Live", "Stretch", "live"]

STRETCHES = ((1, 3), (4, 6), (7, 9), (10, 12), (13, 18), (19, 24))
"""Places that are counted together, from 1, both ends included: single ones would rest on too few clicks of one house."""
PLACES = STRETCHES[-1][1]
FEWEST = 100
"""Clicks on movies that stood in two stretches or more, below which no curve is drawn."""
FEWEST_PEOPLE = 5
"""Visitors whose clicks these must be: of fewer, no interval could be told."""


@dataclass(frozen=True)
class Stretch:
    """Some places."""

    first: int
    last: int
    shown: int
    clicks: int
    value: float | None = None
    """How likely it is to be looked at beside the first stretch; None where no movie links the two."""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Live:
    """What is known of this house."""

    shown: int
    clicks: int
    telling: int
    """Of the clicks: those that tell of places."""
    people: int
    """Whose these are."""
    stretches: tuple[Stretch, ...]
    """Without values while there are too few clicks."""

    @property
    def enough(self) -> bool:
        """Whether there is a curve."""
        return (
            self.telling >= FEWEST
            and self.people >= FEWEST_PEOPLE
            and any(one.value is not None for one in self.stretches[1:])
        )


_aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="positions")
_door = Lock()
_asked: tuple[object, Future[Live]] | None = None
_known: tuple[House, Live] | None = None


def live() -> tuple[Live | None, bool]:
    """What is known by now, and whether newer figures are being worked out."""
    global _asked, _known
    rooms = house()
    with rooms.database.reading() as rows:
        state = (id(rooms), examination.version(rows))
    with _door:
        if _asked is not None and _asked[1].done():
            _known = (rooms, _asked[1].result()) if _asked[0] == state or _known is None else _known
        if _asked is None or (_asked[0] != state and _asked[1].done()):
            _asked = (state, _aside.submit(_work_out, rooms))
        known = _known[1] if _known is not None and _known[0] is rooms else None
        return known, _asked[0] != state or not _asked[1].done()


def _work_out(rooms: House) -> Live:
    with rooms.database.reading() as rows:
        places, pairs = examination.at_places(rows, PLACES), examination.pairs_at_places(rows, PLACES)
    return estimated(places, pairs)


def estimated(places: list[AtPlace], pairs: list[PairAtPlace]) -> Live:
    """Count, and where there is enough, estimate."""
    shown, clicks = (np.zeros(len(STRETCHES), np.int64) for _ in range(2))
    for one in places:
        shown[_stretch(one.position)] += one.shown
        clicks[_stretch(one.position)] += one.clicks
    seen = _seen(pairs).telling()
    telling, people = int(seen.clicks.sum()), len(np.unique(seen.person[seen.clicks > 0]))
    stretches = [Stretch(first, last, int(shown[at]), int(clicks[at])) for at, (first, last) in enumerate(STRETCHES)]
    if telling >= FEWEST and people >= FEWEST_PEOPLE:
        curve = harvested(seen, len(STRETCHES))
        stretches = [
            Stretch(one.first, one.last, one.shown, one.clicks, *(float(x) if np.isfinite(x) else None for x in three))
            for one, *three in zip(stretches, curve.values, curve.low, curve.high, strict=True)
        ]
    return Live(int(shown.sum()), int(clicks.sum()), telling, people, tuple(stretches))


def _seen(pairs: list[PairAtPlace]) -> Seen:
    """Pairs by stretch instead of place, each stretch once."""
    sums: dict[tuple[int, int, int], list[int]] = {}
    for one in pairs:
        counts = sums.setdefault((one.person_id, one.movie_id, _stretch(one.position)), [0, 0])
        counts[0] += one.shown
        counts[1] += one.clicks
    table = np.array([[*key, *counts] for key, counts in sums.items()], np.int64).reshape(-1, 5)
    return Seen(*table.T)


def _stretch(position: int) -> int:
    return next(at for at, (_, last) in enumerate(STRETCHES) if position <= last)
