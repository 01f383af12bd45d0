"""When a model has nothing of its own to say to a person and popularity speaks for it; and why, in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.models.base import ModelCard
from recommender.serving.answers import Person

NUMBERS = ("no rating", "one rating is", "two ratings are", "three ratings are", "four ratings are")


def offered(
    person: Person,
    card: ModelCard,
    nothing: NDArray[np.float32],
    popular: NDArray[np.float32],
    row: NDArray[np.float32],
) -> tuple[NDArray[np.float32], str | None]:
    """The scores `[n_items]` that a person's list is made from, -inf where rated, and why they are `popular` if they are.

    `row` is what the model scores the person, `nothing` what it scores an empty history.
    """
    fallback = why_not(card, nothing, len(person.items), row)
    scores = (popular if fallback else row).copy()
    scores[person.items] = -np.inf
    return scores, fallback


def why_not(card: ModelCard, nothing: NDArray[np.float32], count: int, row: NDArray[np.float32]) -> str | None:
    """Why somebody with `count` ratings whom the model scores `row` gets popularity instead of its own list; None when they do not.

    `nothing` are its scores for an empty history, both `[n_items]`: a person scored the same told the model nothing.
    """
    if not card.personal:
        return None
    if count == 0:
        return "you have not rated anything yet"
    if count < card.min_history:
        few = NUMBERS[count] if count < len(NUMBERS) else f"{count} ratings are"
        return f"{few} too few for this model"
    return "none of your ratings tells this model anything" if np.array_equal(row, nothing) else None
