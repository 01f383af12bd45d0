"""Several goals in one list: what a model thinks of every objective, weighed as somebody wishes, with novelty and diversity beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from recommender.data import Interactions
from recommender.models.abilities import Weighs
from recommender.ranking import best
from recommender.serving.answers import Answer, Person
from recommender.serving.engine import Engine
from recommender.serving.rerank.mmr import mmr

POOL = 300
"""The best movies by utility, which diversity chooses from."""
LEAST = float(np.finfo(np.float32).tiny)
"""Stands for a probability of 0, so that its logarithm is finite."""


@dataclass(frozen=True)
class Wishes:
    """What somebody wants of a list."""

    weights: tuple[float, ...]
    """Power of each objective's probability, 0..1, in the model's order."""
    novelty: float = 0.0
    """Power of a movie's rarity, 0..1."""
    diversity: float = 0.0
    """Weight of being unlike what stands above, 0..1."""


def rarity(interactions: Interactions, n_items: int) -> NDArray[np.float64]:
    """ln(people / raters) of every movie `[n_items]`, nats; what nobody rated counts as rated once."""
    raters = np.bincount(interactions.item, minlength=n_items)
    return np.log(max(interactions.n_users, 1) / np.maximum(raters, 1))


def utility(probabilities: NDArray[np.floating], rare: NDArray[np.floating], wishes: Wishes) -> NDArray[np.float64]:
    """Σ_o w_o ln P(o) + novelty · rarity, `[n_items]`; `probabilities` `[objectives, n_items]`.

    With weight 1 on watching and 1 on novelty it is ln of how many times likelier this person is to watch a movie than anybody is.
    """
    logarithms = np.log(np.maximum(np.asarray(probabilities, np.float64), LEAST))
    return np.asarray(wishes.weights) @ logarithms + wishes.novelty * np.asarray(rare, np.float64)


def blend(
    probabilities: NDArray[np.floating],
    rare: NDArray[np.floating],
    kinds: NDArray[np.floating],
    offered: NDArray[np.bool_],
    wishes: Wishes,
    k: int,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The best k of the `offered` `[n_items]` movies, and their utility.

    `kinds` `[n_items, dim]` say what movies are alike in, such as genres. Diversity re-orders the best `POOL` by MMR.
    """
    scores = np.where(offered, utility(probabilities, rare, wishes), -np.inf).astype(np.float32)
    items = best(scores, k if wishes.diversity <= 0 else max(k, POOL)).astype(np.int64)
    chosen = items[mmr(scores[items], kinds[items], k, wishes.diversity)]
    return chosen, scores[chosen]


def unseen(engine: Engine, person: Person) -> NDArray[np.bool_]:
    """Which movies of the catalogue the person has not rated, `[n_items]`."""
    offered = np.ones(len(engine.catalog), bool)
    offered[engine.releases.read(person).items] = False
    return offered


def objectives(engine: Engine, slug: str) -> dict[str, float]:
    """The objectives of a model that serves, and the weight of each in the model's own list; empty for a model of one goal."""
    model = next((served.model for served in engine.served() if served.card.slug == slug), None)
    if not isinstance(model, Weighs):
        return {}
    return {name: float(model.own_weights.get(name, 0.0)) for name in model.objectives}


def judged(engine: Engine, person: Person, slug: str) -> NDArray[np.float32] | None:
    """P of every objective, `[objectives, n_items]`; None when the list is not the model's own. No slider changes it, so it is remembered."""
    read = engine.releases.read(person)
    return engine.ask(person, slug, "judged", lambda model: cast(Weighs, model).judge(read.histories())[:, 0])


def blended(
    engine: Engine,
    person: Person,
    answer: Answer,
    wishes: Wishes,
    facts: Mapping[str, NDArray[np.floating]],
    k: int,
) -> Answer | None:
    """The model's list as somebody wishes it, instead of its own `answer`; None when the list is not the model's own.

    `facts` holds `rarity` and `kinds` of the catalogue. Movies released since are in the model's own list alone: what it gives
    them is a score, no probability.
    """
    probabilities = judged(engine, person, answer.slug)
    if probabilities is None:
        return None
    offered = unseen(engine, person)
    found = engine.ask(
        person,
        answer.slug,
        ("blended", wishes, k),
        lambda _: blend(probabilities, facts["rarity"], facts["kinds"], offered, wishes, k),
    )
    if found is None:
        return None
    items, scores = found
    return replace(answer, items=items.astype(np.int32), scores=scores)
