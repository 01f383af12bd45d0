"""Several objectives, measured: how well each goal is told, what it wins or loses by sharing a network, and what weighing it costs the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from scipy.stats import rankdata
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Interactions, splits
from recommender.errors import MarqueeError
from recommender.evaluation import intervals
from recommender.evaluation.measure import Question
from recommender.evaluation.metrics.accuracy import hits_of, ndcg
from recommender.evaluation.metrics.novelty import novelty
from recommender.evaluation.report import Metric
from recommender.models import registry
from recommender.models.abilities import Weighs
from recommender.models.base import Recommender
from recommender.ranking import best
from recommender.training.objectives import (
    LIKE,
    LIKED,
    LOVED,
    OBJECTIVES,
    SOON_SECONDS,
    WATCH,
    ObjectivesNetwork,
    ObjectivesRecommender,
)

K = 10
SWEEP = (0.0, 0.1, 0.2, 0.3, 0.5)
"""Weights of novelty that are tried beside the model's P(like)."""
UNTOLD = "The objective {} cannot be told: nobody among the people held out has ratings that fulfil it and ratings that do not; take more varied ones."
LEAST = float(np.finfo(np.float32).tiny)
Figures = dict[str, NDArray[np.float64]]
"""A figure's name, such as `auc:like`, and its value for every person; NaN for whom it is not defined."""


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


class Exam:
    """New people of whom 20 ratings are shown, as in the protocol `cold-user`; all their later ratings are to be guessed."""

    def __init__(self, interactions: Interactions, catalog: Catalog, seed: int = 0) -> None:
        """Raises MarqueeError for data of one person only, and for an objective that all ratings fulfil, or none."""
        split = splits.cold_user(interactions, seed)
        trial = split.trials[0]
        self.train, self.catalog, self.seed = split.train, catalog, seed
        self.question = Question.of(trial, len(catalog), seed)
        if not len(self.question.histories) or not len(self.train):
            raise MarqueeError(
                "Objectives cannot be told apart on so few ratings: several people with more than one rating each are needed."
            )
        self.raters = np.bincount(self.train.item, minlength=len(catalog)).astype(np.int64)
        self.trained_people = len(np.unique(self.train.user))
        self.yes = labels(trial.hidden)
        row = {int(person): at for at, person in enumerate(self.question.people)}
        fresh = np.isin(trial.hidden.user, self.question.people)
        self.yes = self.yes[fresh]
        self.row = np.array([row[int(user)] for user in trial.hidden.user[fresh]], np.int64)
        self.item = trial.hidden.item[fresh]
        for task, name in enumerate(OBJECTIVES):
            told = np.bincount(self.row, self.yes[:, task]) * np.bincount(self.row, ~self.yes[:, task])
            if task != WATCH and not told.any():
                raise MarqueeError(UNTOLD.format(name))

    def mark(self, model: Recommender) -> Figures:
        """Every figure of a fitted model, by person."""
        people = len(self.question.histories)
        found: Figures = {}
        names = [f"{kind}:{name}" for kind in ("auc", "ndcg") for name in OBJECTIVES]
        names += [f"{kind}:{weight:g}" for kind in ("liked", "novelty") for weight in SWEEP]
        for name in names:
            found[name] = np.full(people, np.nan)
        for at in range(people):
            self._person(cast(Weighs, model), at, found)
        return found

    def _person(self, model: Weighs, at: int, found: Figures) -> None:
        history = self.question.histories.select([at])
        judged = model.judge(history)[:, 0].astype(np.float64)
        open_ = np.ones(judged.shape[1], bool)
        open_[history.items] = False
        mine = (self.row == at) & open_[self.item]
        items, yes = self.item[mine], self.yes[mine]
        watched = np.zeros(judged.shape[1], bool)
        watched[items] = True
        known = judged[WATCH, items] > 0
        for task, name in enumerate(OBJECTIVES):
            if task == WATCH:
                found[f"auc:{name}"][at] = auc(judged[WATCH][open_], watched[open_])
            else:
                given = judged[task, items[known]] / np.maximum(judged[WATCH, items[known]], LEAST)
                found[f"auc:{name}"][at] = auc(given, yes[known, task])
            found[f"ndcg:{name}"][at] = self._ndcg(_top(judged[task], open_), items[yes[:, task]])
        rare = np.log(self.trained_people / np.maximum(self.raters, 1))
        for weight in SWEEP:
            top = _top(np.log(np.maximum(judged[LIKE], LEAST)) + weight * rare, open_)
            found[f"liked:{weight:g}"][at] = self._ndcg(top, items[yes[:, LIKE]])
            found[f"novelty:{weight:g}"][at] = novelty(top[None], self.raters, self.trained_people)[0]

    def _ndcg(self, top: NDArray[np.int32], relevant: NDArray[np.int32]) -> float:
        wanted = np.unique(relevant)
        if not len(wanted):
            return float("nan")
        hits = hits_of(top[None], np.zeros(len(wanted), np.int64), wanted)
        return float(ndcg(hits, np.array([len(wanted)]), K)[0])


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


def able() -> list[str]:
    """Slugs of the models of several objectives."""
    return [slug for slug in registry.names() if issubclass(registry.model_class(slug), ObjectivesRecommender)]


class Alone(ObjectivesRecommender):
    """A model whose network learns one objective only; all else is as in the model. `alone` makes one."""

    only: ClassVar[int]

    def network(self, n_items: int) -> nn.Module:
        """The model's own network, with one objective's loss."""
        network = cast(ObjectivesNetwork, super().network(n_items))  # type: ignore[safe-super]

        def loss(logits: Tensor, yes: Tensor) -> Tensor:
            return one_loss(network.together(logits), yes, self.only)

        vars(network)["objective_loss"] = loss
        return network


def alone(slug: str, objective: str) -> type[ObjectivesRecommender]:
    """The class of a model that learns one of its objectives only. Raises MarqueeError for what is none of them."""
    model = registry.model_class(slug)
    if not issubclass(model, ObjectivesRecommender):
        raise MarqueeError(f"{slug} has one objective only, so it shares nothing; choose from {', '.join(able())}.")
    if objective not in OBJECTIVES:
        raise MarqueeError(f"There is no objective {objective}; choose from {', '.join(OBJECTIVES)}.")
    made: Any = type(f"{model.__name__}Alone", (Alone, model), {"only": OBJECTIVES.index(objective)})
    return cast(type[ObjectivesRecommender], made)


def one_loss(log_p: Tensor, yes: Tensor, objective: int) -> Tensor:
    """Cross-entropy of one objective: of watching over all that was offered, of any other, given that it was watched, over what was.

    `log_p` `[n, objectives]` as `together` gives it.
    """
    watched = yes[:, WATCH] > 0
    if objective == WATCH:
        chances, truth = log_p[:, WATCH], yes[:, WATCH]
    elif watched.any():
        chances, truth = (log_p[:, objective] - log_p[:, WATCH])[watched], yes[watched, objective]
    else:
        return log_p.sum() * 0
    return F.binary_cross_entropy(chances.exp().clamp(max=1), truth)


def labels(rows: Interactions) -> NDArray[np.bool_]:
    """Which objectives each row fulfils, `[n, objectives]`; something comes soon after it only if it does in `rows`."""
    after = np.zeros(len(rows), bool)
    after[:-1] = (rows.user[1:] == rows.user[:-1]) & (np.diff(rows.timestamp) <= SOON_SECONDS)
    return np.stack([np.ones(len(rows), bool), rows.rating >= LIKED, rows.rating >= LOVED, after], axis=1)


def auc(scores: NDArray[np.float64], yes: NDArray[np.bool_]) -> float:
    """How often a yes stands above a no; equal scores count half. NaN without both."""
    positives = int(yes.sum())
    negatives = len(yes) - positives
    if not positives or not negatives:
        return float("nan")
    above = rankdata(scores)[yes].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def _top(scores: NDArray[np.float64], offered: NDArray[np.bool_]) -> NDArray[np.int32]:
    return best(np.where(offered, scores, -np.inf).astype(np.float32), K)


def _mean(runs: list[Figures]) -> Figures:
    return {name: np.mean([run[name] for run in runs], axis=0) for name in runs[0]}
