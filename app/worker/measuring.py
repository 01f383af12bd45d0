"""What a version is measured by: the protocol that a job's settings name, and the form in which its figures are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from recommender.data.dataset import Dataset
from recommender.elicitation.replay import replay
from recommender.errors import MarqueeError
from recommender.evaluation import Report, evaluate
from recommender.models.base import Progress, Recommender
from recommender.models.registry import model_class

LEAVE_LAST, COLD_USER, ELICITATION = "leave-last", "cold-user", "elicitation"
"""Everybody's last rating; people of whom nothing is known but their first ratings; what to ask them."""
QUICK_SECONDS = 5.0
"""Of training: what takes longer is asked about newcomers only when somebody wants to know."""
BASELINE = "popularity"
"""What a model for newcomers has to beat."""
KEPT = ("ndcg@10", "hr@10")
COMPARED = KEPT[0]

Make = Callable[[], Recommender]


def measure(protocol: str, dataset: Dataset, slug: str, make: Make, progress: Progress) -> dict[str, Any]:
    """The figures of one version, as the book of versions keeps them.

    On the data set alone, without the visitors' ratings: every model is asked about the same people, whenever that is.
    Raises MarqueeError for a protocol that there is not.
    """
    if protocol == LEAVE_LAST:
        return evaluate(dataset, LEAVE_LAST, {slug: make}, progress=progress).metrics(slug)
    if protocol == COLD_USER:
        both: Mapping[str, Make] = {BASELINE: model_class(BASELINE), slug: make}
        return {COLD_USER: newcomers(evaluate(dataset, COLD_USER, both, progress=progress), slug)}
    if protocol == ELICITATION:
        found = replay(dataset, make(), progress=progress)
        return {ELICITATION: {**found.model_dump(), "created": datetime.now(UTC).isoformat()}}
    raise MarqueeError(f"There is no measuring by {protocol}.")


def asks_newcomers_by_itself(dataset: Dataset, seconds: float) -> bool:
    """Whether a model that took `seconds` to train is asked about newcomers without anybody's asking, where there are people to hold out."""
    return seconds <= QUICK_SECONDS and dataset.interactions.n_users > 1


def newcomers(report: Report, slug: str) -> dict[str, Any]:
    """By the number of ratings shown: the figures, and the lead over popularity for the same people."""
    levels = {}
    for trial in report.trials:
        figures: dict[str, Any] = {name: trial.models[slug][name].model_dump() for name in KEPT}
        for pair in trial.comparisons:  # the worse of the two against the better
            sign = -1 if pair.against == slug else 1
            low, high = sorted((sign * pair.low, sign * pair.high))
            figures["lead"] = {"value": sign * pair.difference, "low": low, "high": high, "n": trial.people}
            figures["baseline"] = trial.models[BASELINE][COMPARED].model_dump()
        levels[trial.label] = figures
    return {"levels": levels, "seed": report.seed, "created": report.created.isoformat()}
