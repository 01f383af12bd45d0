"""The exam that models of several objectives sit: how well each tells every goal for people whom it does not know."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from recommender.data import Catalog, Interactions, splits
from recommender.errors import MarqueeError
from recommender.evaluation.measure import Question
from recommender.evaluation.metrics.accuracy import hits_of, ndcg
from recommender.evaluation.metrics.novelty import novelty
from recommender.models.abilities import Weighs
from recommender.models.base import Recommender
from recommender.ranking import best
from recommender.training.objectives import LIKE, LIKED, LOVED, OBJECTIVES, SOON_SECONDS, WATCH

K = 10
SWEEP = (0.0, 0.1, 0.2, 0.3, 0.5)
"""Weights of novelty that are tried beside the model's P(like)."""
UNTOLD = "The objective {} cannot be told: nobody among the people held out has ratings that fulfil it and ratings that do not; take more varied ones."
LEAST = float(np.finfo(np.float32).tiny)
Figures = dict[str, NDArray[np.float64]]
"""A figure's name, such as `auc:like`, and its value for every person; NaN for whom it is not defined."""


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
