"""The chosen model's list with some curiosity in it: which places, which movies, how likely each was, and why it is there.

Nothing is kept of what was learnt: it follows from the visitor's ratings and the model's vectors, so it is the same after a restart.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from app.resources import House, house
from recommender.exploration import POLICIES, Situation, mix
from recommender.exploration.reward import expected, of_stars
from recommender.exploration.vectors import house_vectors, own_vectors
from recommender.serving.answers import Answer, Person, Served
from recommender.serving.memory import Memory

NAMES = {name: policy.title for name, policy in POLICIES.items()}
"""Of policies, by what stands in addresses and in the log."""
DEFAULT = "thompson"
FIRST, EVERY = 3, 3
"""The places before `FIRST` (from 0) are never curious; from there every third one may be."""
POOL = 200
"""The model's best movies, from which curiosity may choose."""
REMEMBERED = 200

_explored: Memory[Explored] = Memory(REMEMBERED)
_measuring = Lock()


@dataclass(frozen=True, eq=False)
class Explored:
    """A list with curiosity in it."""

    answer: Answer
    """In the new order."""
    policy: str
    chances: Mapping[int, float]
    """By item, of those in places that were left to the policy."""
    curious: frozenset[int]
    """Items that stand where the model would have shown another."""
    estimated: bool
    """Whether the chances are estimates."""

    @property
    def sentence(self) -> str:
        """What the policy does."""
        return POLICIES[self.policy].sentence

    @property
    def why(self) -> str:
        """Why the curious ones are there."""
        return POLICIES[self.policy].why


def places(k: int) -> frozenset[int]:
    """Which of the first `k` places (from 0) may be curious."""
    return frozenset(range(FIRST, k, EVERY))


def explored(person: Person, slug: str, policy: str, k: int) -> Explored | None:
    """The first `k` of a model's list with curiosity in it; None when the model does not answer. The same until somebody rates."""
    engine = house().engine
    served = next((one for one in engine.served() if one.card.slug == slug), None)
    answer = engine.answer(person, [slug], POOL).get(slug)
    if served is None or answer is None:
        return None
    key = (person.version, slug, answer.version, engine.releases.version, policy, k)
    return _explored.remembered(key, lambda: _explore(person, served, answer, policy, k))


def _explore(person: Person, served: Served, answer: Answer, policy: str, k: int) -> Explored:
    seed = zlib.crc32(f"{person.version} {answer.slug} {answer.version} {policy}".encode())
    slate = mix(POLICIES[policy], situation(person, served, answer), k, places(k), np.random.default_rng(seed))
    items = answer.items[slate.chosen]
    return Explored(
        replace(answer, items=items, scores=answer.scores[slate.chosen]),
        policy,
        {int(items[place]): float(slate.propensity[place]) for place in places(len(items))},
        frozenset(items[slate.curious].tolist()),
        slate.estimated,
    )


def situation(person: Person, served: Served, answer: Answer) -> Situation:
    """The visitor's moment before the movies of an answer. Of released movies nothing is known."""
    rooms = house()
    vectors, crowd = vectors_of(served), crowd_of(rooms)
    read = rooms.engine.releases.read(person)
    items, known = answer.items, answer.items < len(vectors)
    at = np.where(known, items, 0)
    return Situation(
        scores=answer.scores,
        vectors=np.where(known[:, None], vectors[at], 0),
        expected=np.where(known, crowd[at], crowd.mean()),
        rated_vectors=vectors[read.items],
        surprises=of_stars(read.ratings) - crowd[read.items],
    )


def vectors_of(served: Served) -> NDArray[np.float32]:
    """In which movies resemble each other for this model, `[n_items, dim]`."""
    own = _own(served.as_trained)
    if own is not None:
        return own
    with _measuring:  # a second or two, once
        return _common(house())


@lru_cache(maxsize=32)
def _own(served: Served) -> NDArray[np.float32] | None:
    return own_vectors(served.model)


@lru_cache(maxsize=2)
def _common(rooms: House) -> NDArray[np.float32]:
    return house_vectors(rooms.dataset.interactions, rooms.dataset.catalog)


@lru_cache(maxsize=2)
def crowd_of(rooms: House) -> NDArray[np.float64]:
    """The reward that the people of the data set give each movie, `[n_items]`."""
    return expected(rooms.dataset.interactions, len(rooms.dataset.catalog))
