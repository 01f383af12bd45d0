"""How good each model is for somebody new, by the number of ratings that they have shown: what the worker has measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app import workshop
from app.workshop import Metric, Shelved
from recommender.models.base import ModelCard

PROTOCOL = "cold-user"
BASELINE = "popularity"
ENOUGH = 3
"""Ratings of which one speaks to somebody who has none."""


@dataclass(frozen=True)
class Point:
    """One model's figures with so many ratings shown."""

    figures: Mapping[str, Metric]
    """By name: "ndcg@10", "hr@10"."""
    lead: Metric | None
    """Of its NDCG@10 over popularity's, for the same people; None for popularity."""
    baseline: float | None
    """Popularity's NDCG@10 for them."""

    @property
    def ahead(self) -> bool:
        """Whether it is not worse than popularity."""
        return self.lead is None or self.lead.value >= 0


@dataclass(frozen=True, eq=False)
class Course:
    """One model from no rating to twenty."""

    card: ModelCard
    points: Mapping[int, Point]
    """By the number of ratings shown, ascending; never empty."""

    def at(self, rated: int) -> int:
        """The largest number of ratings measured that somebody with `rated` of them has."""
        return max((shown for shown in self.points if shown <= rated), default=min(self.points))

    @property
    def passes(self) -> int | None:
        """From how many ratings on it is never behind popularity again (at least one rating); None when it is behind at the end."""
        behind = [shown for shown, point in self.points.items() if shown and not point.ahead]
        return next((shown for shown in self.points if shown and shown > max(behind, default=0)), None)


def courses(shelf: Sequence[Shelved]) -> dict[str, Course]:
    """By slug, of those versions that serve and were measured."""
    found = workshop.found(shelf, PROTOCOL)
    read = {
        model.card.slug: Course(model.card, _points(found[model.card.slug]))
        for model in shelf
        if model.card.slug in found
    }
    return {slug: course for slug, course in read.items() if course.points}


def best(known: Mapping[str, Course], rated: int) -> Course:
    """The best of `known` by NDCG@10 for somebody with `rated` ratings; of equals the first by name."""

    def quality(course: Course) -> tuple[float, str]:
        return -course.points[course.at(rated)].figures["ndcg@10"].value, course.card.name

    return min(known.values(), key=quality)


def missing(shelf: Sequence[Shelved], known: Mapping[str, Course]) -> list[Shelved]:
    """Trained models whose serving version nobody has asked about newcomers, or is being asked."""
    asked = {job.model for job in workshop.active() if job.settings.get("protocol") == PROTOCOL}
    return [
        model
        for model in shelf
        if model.manifest is not None and model.card.slug not in known and model.card.slug not in asked
    ]


def _points(kept: Mapping[str, object]) -> dict[int, Point]:
    levels = kept.get("levels")
    if not isinstance(levels, dict):
        return {}
    points = {}
    for shown, figures in levels.items():
        read = {name: metric for name, value in figures.items() if (metric := workshop.metric(value)) is not None}
        lead, baseline = read.pop("lead", None), read.pop("baseline", None)
        if "ndcg@10" in read:
            points[int(shown)] = Point(read, lead, None if baseline is None else baseline.value)
    return dict(sorted(points.items()))
