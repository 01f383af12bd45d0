"""Several objectives, measured: how well each goal is told, what it wins or loses by sharing a network, and what weighing it costs the others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from recommender.errors import MarqueeError
from recommender.evaluation import intervals
from recommender.evaluation.objectives_exam import SWEEP, UNTOLD, Exam, Figures
from recommender.evaluation.report import Metric
from recommender.models import registry
from recommender.training.objectives import OBJECTIVES


class Point(BaseModel):
    """A model's lists with some weight on novelty: two qualities, of which one is had at the cost of the other."""

    model_config = ConfigDict(frozen=True)

    model: str
    weight: float
    liked: Metric
    """NDCG@10 of held-out movies with four stars or more."""
    novelty: Metric
    """Of the lists, bits."""


class Objectives(BaseModel):
    """What was measured, by slug and objective."""

    model_config = ConfigDict(frozen=True)

    people: int
    hidden: int
    """Held-out ratings."""
    seeds: int
    epochs: int
    names: dict[str, str]
    """Of the models, by slug."""
    auc: dict[str, dict[str, Metric]]
    alone: dict[str, dict[str, Metric]]
    """AUC of the same network trained for that objective only."""
    seesaw: dict[str, dict[str, Metric]]
    """AUC of the shared network less that of the network of its own, paired over people."""
    ndcg: dict[str, dict[str, Metric]]
    points: list[Point]

    def loses(self, slug: str, objective: str) -> bool:
        """Whether the whole interval lies below zero."""
        return self.seesaw[slug][objective].high < 0

    def front(self) -> list[Point]:
        """The points that no other one beats in one quality without falling behind in the other, from the left."""
        best_novelty, found = -np.inf, []
        for point in sorted(self.points, key=lambda one: (-one.liked.value, -one.novelty.value)):
            if point.novelty.value > best_novelty:
                best_novelty = point.novelty.value
                found.append(point)
        return found[::-1]


def summed(
    exam: Exam, shared: Mapping[str, list[Figures]], alone: Mapping[str, Mapping[str, list[Figures]]], epochs: int
) -> Objectives:
    """Means over seeds, then over people, with intervals over the same resamples of people.

    `shared` holds a model's marks by slug, one for each seed; `alone` those of its networks of one objective.
    Raises MarqueeError when an objective cannot be told of anybody.
    """
    draws = intervals.resamples(len(exam.question.histories), exam.seed)
    means = {slug: _mean(runs) for slug, runs in shared.items()}
    own = {slug: {name: _mean(runs)[f"auc:{name}"] for name, runs in tasks.items()} for slug, tasks in alone.items()}

    def metric(values: NDArray[np.float64], objective: str) -> Metric:
        found = intervals.mean(values, draws)
        if found is None:
            raise MarqueeError(UNTOLD.format(objective))
        return found

    return Objectives(
        people=len(exam.question.histories),
        hidden=len(exam.item),
        seeds=min(len(runs) for runs in shared.values()),
        epochs=epochs,
        names={slug: registry.model_class(slug).card.name for slug in shared},
        auc={slug: {name: metric(one[f"auc:{name}"], name) for name in OBJECTIVES} for slug, one in means.items()},
        alone={slug: {name: metric(values, name) for name, values in one.items()} for slug, one in own.items()},
        seesaw={
            slug: {name: metric(means[slug][f"auc:{name}"] - values, name) for name, values in one.items()}
            for slug, one in own.items()
        },
        ndcg={slug: {name: metric(one[f"ndcg:{name}"], name) for name in OBJECTIVES} for slug, one in means.items()},
        points=[
            Point(
                model=slug,
                weight=weight,
                liked=metric(one[f"liked:{weight:g}"], "like"),
                novelty=metric(one[f"novelty:{weight:g}"], "novelty"),
            )
            for slug, one in means.items()
            for weight in SWEEP
        ],
    )


def _mean(runs: list[Figures]) -> Figures:
    return {name: np.mean([run[name] for run in runs], axis=0) for name in runs[0]}
