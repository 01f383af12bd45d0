"""What an evaluation found, as JSON: every figure with its people and its 95 % interval."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from recommender.versions import built_with


class Metric(BaseModel):
    """A figure over n people, with its bootstrap 95 % interval."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float
    n: int


class Comparison(BaseModel):
    """One model against the best one, over the same people."""

    model_config = ConfigDict(frozen=True)

    model: str
    against: str
    metric: str
    difference: float
    """Of the means; negative where `model` is worse."""
    low: float
    high: float
    p: float
    """Paired randomisation test, two-sided."""
    p_adjusted: float
    """By Holm, over the comparisons of this trial."""


class TrialReport(BaseModel):
    """One way of asking, all models."""

    model_config = ConfigDict(frozen=True)

    label: str
    people: int
    """Who were asked."""
    unanswerable: int
    """People who were left out because all that was hidden of them they had shown before: seen movies are never listed."""
    models: dict[str, dict[str, Metric]]
    """By slug, then by metric: "ndcg@10"."""
    comparisons: list[Comparison]


class Trained(BaseModel):
    """How a model came to be."""

    model_config = ConfigDict(frozen=True)

    name: str
    config: dict[str, Any]
    fit_seconds: float
    score_seconds: float
    """For all people of all trials, lists included; both of all draws together."""


class Report(BaseModel):
    """What `evaluate` returns."""

    model_config = ConfigDict(frozen=True)

    protocol: str
    sentence: str
    """What the protocol asks."""
    dataset: str
    fingerprint: str
    movies: int
    ratings: int
    training_ratings: int
    """As a mean of the draws, where there are several, as in cold-item."""
    training_people: int
    seed: int
    """Of the split and of the resamples; each model's own stands in its config."""
    models: dict[str, Trained]
    """By slug; in cold-item the baselines that are no models, too: "random" and "genrepopularity"."""
    trials: list[TrialReport]
    """The first is the one that a single figure is taken from."""
    seconds: float
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    built_with: dict[str, str] = Field(default_factory=built_with)

    def metrics(self, slug: str) -> dict[str, dict[str, Any]]:
        """A model's figures of the first trial: {"ndcg@10": {"value", "low", "high", "n"}, ...}."""
        return {name: metric.model_dump() for name, metric in self.trials[0].models[slug].items()}
