"""People of the data set who stand for everybody, and what they like, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app import movies
from app.resources import House, house
from recommender.serving.answers import Person
from recommender.serving.typical import typical

LIKED = 4.0
NAMED = 2
"""Genres by which somebody is described."""
SMOOTH = 5
"""Movies of a genre that everybody is taken to have liked as often as the crowd, so that one movie makes no taste."""


@dataclass(frozen=True, eq=False)
class Somebody:
    """A person who stands for others."""

    name: str
    taste: str
    """The genres that they like more often than others do, in words."""
    person: Person
    stands_for: int


def people() -> tuple[Somebody, ...]:
    """The same for every visitor; worked out once."""
    return _people(house())


@lru_cache(maxsize=2)
def _people(rooms: House) -> tuple[Somebody, ...]:
    log = rooms.dataset.interactions
    crowd = _genres(log.item[log.rating >= LIKED].tolist())
    return tuple(
        Somebody(f"Person {one.number}", _taste(one.person, crowd), one.person, one.stands_for)
        for one in typical(log, len(rooms.dataset.catalog))
    )


def _taste(person: Person, crowd: Counter[str]) -> str:
    own = _genres(person.items[person.ratings >= LIKED].tolist())
    share = {genre: count / max(crowd.total(), 1) for genre, count in crowd.items()}
    lift = {genre: (own[genre] + SMOOTH) / (own.total() * share[genre] + SMOOTH) for genre in own}
    best = sorted(lift, key=lambda genre: (-lift[genre], genre))[:NAMED]
    return " and ".join(best) if best else "a bit of everything"


def _genres(items: list[int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for item, times in zip(*np.unique(items, return_counts=True), strict=True):
        for genre in movies.by_item(int(item)).genres:
            found[genre] += int(times)
    return found
