"""How a movie's name was written, token by token, and which movies were still possible after each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.models.abilities import Writes
from recommender.models.base import Recommender
from recommender.serving.answers import Person

WIDTH = 50
"""Beginnings that are kept at every token."""
EXAMPLES = 3
"""Movies that are named for each beginning."""


@dataclass(frozen=True)
class Step:
    """One token."""

    token: int
    probability: float
    """Given the history and the tokens before it; 1 where no other token makes a real movie."""
    possible: int
    """Movies whose names begin with the tokens so far, this movie among them."""
    examples: tuple[int, ...]
    """The best known of the others."""


@dataclass(frozen=True)
class Spelling:
    """A movie, spelled."""

    item: int
    steps: tuple[Step, ...]


def spell(model: Recommender, person: Person, k: int, popularity: NDArray[np.float32]) -> list[Spelling] | None:
    """The first `k` movies that the model writes for a person; None for a model that does not write.

    `popularity` `[n_items]` says which movies are best known.
    """
    if not isinstance(model, Writes):
        return None
    names, known = model.names(), np.argsort(-popularity, kind="stable")
    found = []
    for written in model.write(person.histories(), k, WIDTH)[0]:
        steps, alike = [], known
        for level, (token, log_probability) in enumerate(zip(written.tokens, written.log_probabilities, strict=True)):
            alike = alike[names[alike, level] == token]
            others = alike[alike != written.item][:EXAMPLES]
            steps.append(Step(token, float(np.exp(log_probability)), len(alike), tuple(others.tolist())))
        found.append(Spelling(written.item, tuple(steps)))
    return found
