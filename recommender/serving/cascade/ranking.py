"""Ranking: one model's scores of the candidates alone where it can look at them alone, else out of its scores of everything."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MarqueeError
from recommender.models.abilities import ScoresCandidates
from recommender.serving.answers import Person, Served
from recommender.serving.engine import Engine
from recommender.serving.fallback import why_not
from recommender.serving.seats import finite


def rank(engine: Engine, served: Served, person: Person, items: NDArray[np.int64]) -> tuple[NDArray[np.float64], float]:
    """Scores of `items` `[n]`, -inf for released ones that the model cannot place, and the milliseconds that they took.

    Raises MarqueeError, in one sentence, when the model has nothing of its own to say to the person.
    """
    if isinstance(served.model, ScoresCandidates) and served.card.personal:
        return _alone(engine, served, served.model, person, items)
    everything = len(engine.releases.everything)
    answer = engine.answer(person, [served.card.slug], everything).get(served.card.slug)
    if answer is None:
        raise MarqueeError("it could not answer just now")
    if answer.fallback:
        raise MarqueeError(answer.fallback)
    scores = np.full(everything, -np.inf)
    scores[answer.items] = answer.scores
    return scores[items], answer.milliseconds


def _alone(
    engine: Engine, served: Served, model: ScoresCandidates, person: Person, items: NDArray[np.int64]
) -> tuple[NDArray[np.float64], float]:
    """The candidates and nothing else."""
    began = time.perf_counter()
    releases = engine.releases
    read, old = releases.read(person), items < len(engine.catalog)
    row = finite(model.score_candidates(read.histories(), items[old])[0])
    if (nothing_to_say := why_not(served.card, served.nothing[items[old]], len(read.items), row)) is not None:
        raise MarqueeError(nothing_to_say)
    scores = np.full(len(items), -np.inf)
    scores[old] = row
    if not old.all():
        scores[~old] = releases.placed(served.model, read)[items[~old] - len(engine.catalog)]
    return scores, 1000 * (time.perf_counter() - began)
