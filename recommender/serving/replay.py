"""The time machine: what a model would have shown somebody after each of their ratings, and where it had what they rated next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.data import Histories
from recommender.ranking import best, rank_of
from recommender.serving.answers import Person

STEPS = 100
"""Ratings, the latest, after which the model is asked; each prefix holds all the earlier ones."""

Score = Callable[[Histories], NDArray[np.float32]]
"""A model's scores, `[batch, n_items]`."""
Offer = Callable[[Person, NDArray[np.float32]], tuple[NDArray[np.float32], str | None]]
"""From a person and the model's row to the scores that their list is made from, -inf where rated, and why they are not its own."""


@dataclass(frozen=True, eq=False)
class Moment:
    """A person as a model saw them when they had rated so much and no more."""

    known: int
    """How many ratings it had, from the first on."""
    items: NDArray[np.int32]
    """Its list, best first, without what was rated by then, `[k]`."""
    following: int | None
    """The item that was really rated next; None at the end."""
    rank: int | None
    """The place (from 1) of that item in the whole list; None at the end, and for an item rated before."""
    fallback: str | None
    """Why the list is popularity's, in words; None when it is the model's own."""


def replay(score: Score, offer: Offer, person: Person, k: int) -> list[Moment]:
    """The moments after each of the last ratings, oldest first: all histories are scored in one ragged batch."""
    count = len(person.items)
    prefixes = [_until(person, known) for known in range(max(1, count - STEPS), count + 1)]
    rows = score(Histories.of([(prefix.items, prefix.ratings, prefix.timestamps) for prefix in prefixes]))
    moments = []
    for prefix, row in zip(prefixes, rows, strict=True):
        known = len(prefix.items)
        scores, fallback = offer(prefix, row)
        following = int(person.items[known]) if known < count else None
        fresh = following is not None and following not in prefix.items
        rank = rank_of(scores, following) if following is not None and fresh else None
        moments.append(Moment(known, best(scores, k), following, rank, fallback))
    return moments


def _until(person: Person, known: int) -> Person:
    """The person when they had given their first `known` ratings."""
    return Person(
        person.items[:known], person.ratings[:known], person.timestamps[:known], f"{person.version} after {known}"
    )
