"""What one wish costs another, for one person: a model's lists as the weight of novelty grows, by how liked and how rare their movies are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recommender.models.base import Recommender
from recommender.serving.answers import Person
from recommender.serving.blend import Wishes, blend, judged, objectives, unseen
from recommender.serving.engine import Engine

WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Of novelty."""


@dataclass(frozen=True)
class Traded:
    """A list and what it is worth."""

    novelty: float
    """The weight it was made with."""
    liked: float
    """Mean P(like) of its movies, 0..1."""
    raters: float
    """Geometric mean of the share of all people who rated its movies, 0..1."""


def trade(
    engine: Engine, person: Person, slug: str, wishes: Wishes, facts: Mapping[str, NDArray[np.floating]], k: int
) -> list[Traded] | None:
    """The lists of `wishes` with every weight of novelty, theirs among them, by weight; None when the list is not the model's own."""
    probabilities = judged(engine, person, slug)
    if probabilities is None:
        return None
    like, offered = probabilities[list(objectives(engine, slug)).index("like")], unseen(engine, person)

    def work(model: Recommender) -> list[Traded]:
        found = []
        for weight in sorted({*WEIGHTS, wishes.novelty}):
            wished = replace(wishes, novelty=weight)
            items, _ = blend(probabilities, facts["rarity"], facts["kinds"], offered, wished, k)
            found.append(Traded(weight, float(like[items].mean()), float(np.exp(-facts["rarity"][items].mean()))))
        return found

    return engine.ask(person, slug, ("trade", wishes, k), work)
