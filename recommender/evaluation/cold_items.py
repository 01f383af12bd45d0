"""New movies: models are fitted without some movies, and everybody who rated one of those is asked, in two ways.

*Among new* only the movies that were held out compete with each other: does a model know whom a new movie is for? *Among all* they
compete with every movie that the person has not seen: would it ever be shown? Several draws hold out other movies each, and all
models are fitted anew for each draw. The same person may be asked in several; what counts for them is the mean of their
draws, so that intervals and tests are over people, as everywhere else.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog
from recommender.data.splits import Split
from recommender.evaluation import intervals
from recommender.evaluation.comparison import against_best
from recommender.evaluation.measure import CUTS, MAIN, Measured, Models, Question, Shelf, Ticks
from recommender.evaluation.new_baselines import BASELINES, Score
from recommender.evaluation.report import Metric, Trained, TrialReport
from recommender.models.base import Progress, silent
from recommender.ranking import best, unseen_scores

AMONG_NEW, AMONG_ALL = "among new", "among all"
MEANINGLESS = tuple(f"{name}@{CUTS[0]}" for name in ("novelty", "popularity"))
"""Among new: nobody has rated any of them."""

Lists = NDArray[np.int32]
PerPerson = NDArray[np.float64]


class Ranked(NamedTuple):
    """The best of each person of a draw, `[people, k]` each."""

    new: Lists
    all: Lists


@dataclass(frozen=True, eq=False)
class Draw:
    """One split, and what it takes to measure by it."""

    split: Split
    question: Question
    held: NDArray[np.int32]
    """The movies held out, ascending."""
    shelf: Shelf

    @classmethod
    def of(cls, split: Split, catalog: Catalog, seed: int) -> Draw:
        """Of a split by `splits.cold_item`."""
        (trial,) = split.trials
        question = Question.of(trial, len(catalog), seed)
        return cls(split, question, np.unique(trial.hidden.item), Shelf(catalog, split.train))

    def ranked(self, score: Score, ticks: Ticks | None = None) -> Ranked:
        """What `score` lists for everybody; both ways from the same scores."""
        k, people = max(CUTS), len(self.question.histories)
        found = Ranked(np.full((people, k), -1, np.int32), np.full((people, k), -1, np.int32))
        for some, scores in unseen_scores(score, self.question.histories):
            for person, row in zip(some, scores, strict=True):
                top, new = best(row, k), self.held[best(row[self.held], k)]
                found.all[person, : len(top)], found.new[person, : len(new)] = top, new
            if ticks:
                ticks.asked_some(len(some))
        return found

    def per_person(self, ranked: Ranked) -> dict[str, dict[str, PerPerson]]:
        """Every figure of everybody, by trial; `new@10` is the share of new movies in a list of all."""
        new, everything = (self.shelf.per_person(lists, self.question) for lists in ranked)
        k = CUTS[0]
        everything[f"new@{k}"] = np.isin(ranked.all[:, :k], self.held).mean(axis=1)
        return {
            AMONG_NEW: {name: values for name, values in new.items() if name not in MEANINGLESS},
            AMONG_ALL: everything,
        }


def measure_new(
    catalog: Catalog, splits: Sequence[Split], models: Models, *, seed: int = 0, progress: Progress = silent
) -> Measured:
    """Fit each model to each split, ask it both ways, and put the baselines beside."""
    draws = [Draw.of(split, catalog, seed) for split in splits]
    pool = Pool(draws, len(catalog), seed)
    trained: dict[str, Trained] = {}
    for slug, (name, baseline) in BASELINES.items():
        began = time.perf_counter()
        pool.add(slug, [draw.ranked(baseline(catalog, draw.split.train, seed)) for draw in draws])
        trained[slug] = Trained(name=name, config={}, fit_seconds=0, score_seconds=_since(began))
    for number, (slug, make) in enumerate(models.items()):
        lists, seconds = [], np.zeros(2)
        for place, draw in enumerate(draws):
            asked = len(draw.question.histories)
            model, ticks = make(), Ticks(progress, number * len(draws) + place, len(models) * len(draws), asked)
            began = time.perf_counter()
            model.fit(draw.split.train, catalog, ticks.fitting)
            fitted = time.perf_counter()
            lists.append(draw.ranked(model.score, ticks))
            seconds += (fitted - began, _since(fitted))
        pool.add(slug, lists)
        fit_seconds, score_seconds = np.round(seconds, 3).tolist()
        trained[slug] = Trained(
            name=model.card.name,
            config=model.config.model_dump(),
            fit_seconds=fit_seconds,
            score_seconds=score_seconds,
        )
    return Measured(trained, list(pool.reports()))


class Pool:
    """The answers of all draws, by people."""

    def __init__(self, draws: Sequence[Draw], n_items: int, seed: int) -> None:
        self._draws, self._seed = draws, seed
        self._people = np.unique(np.concatenate([draw.question.people for draw in draws]))
        self._places = [np.searchsorted(self._people, draw.question.people) for draw in draws]
        self._resamples = intervals.resamples(len(self._people), seed)
        held = np.sort(np.concatenate([draw.held for draw in draws]))
        self._shelves = {AMONG_NEW: held, AMONG_ALL: np.arange(n_items, dtype=np.int32)}
        self._figures: dict[str, dict[str, dict[str, Metric]]] = {label: {} for label in self._shelves}
        self._main: dict[str, dict[str, PerPerson]] = {label: {} for label in self._shelves}

    def add(self, slug: str, lists: Sequence[Ranked]) -> None:
        """Take what one model answered in each draw."""
        values = [draw.per_person(ranked) for draw, ranked in zip(self._draws, lists, strict=True)]
        for label, shelf in self._shelves.items():
            pooled = {name: self._mean([found[label][name] for found in values]) for name in values[0][label]}
            figures = {
                name: metric for name, each in pooled.items() if (metric := intervals.mean(each, self._resamples))
            }
            listed = [ranked.new if label == AMONG_NEW else ranked.all for ranked in lists]
            self._figures[label][slug] = figures | self._shelf(np.concatenate(listed), shelf)
            self._main[label][slug] = pooled[MAIN]

    def reports(self) -> Iterator[TrialReport]:
        """Among new, then among all."""
        for label in self._shelves:
            yield TrialReport(
                label=label,
                people=len(self._people),
                unanswerable=sum(draw.question.unanswerable for draw in self._draws),
                models=self._figures[label],
                comparisons=against_best(self._main[label], MAIN, self._resamples, self._seed),
            )

    def _mean(self, values: Sequence[PerPerson]) -> PerPerson:
        """Of each person over the draws in which they were asked and the figure is defined, `[people]`; else NaN."""
        total, count = np.zeros((2, len(self._people)))
        for place, each in zip(self._places, values, strict=True):
            defined = ~np.isnan(each)
            total[place[defined]] += each[defined]
            count[place[defined]] += 1
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def _shelf(self, lists: Lists, items: NDArray[np.int32]) -> dict[str, Metric]:
        """Coverage and Gini of the lists of all draws together, over the movies that can be in them."""
        k = CUTS[0]
        places = np.where(lists[:, :k] >= 0, np.searchsorted(items, lists[:, :k]), -1).astype(np.int32)
        drawn = self._resamples[: intervals.SHELF_RESAMPLES, np.concatenate(self._places)]
        both = intervals.shelf(places, len(items), drawn)
        of_people = partial(Metric.model_copy, update={"n": len(self._people)})
        return dict(zip((f"coverage@{k}", f"gini@{k}"), map(of_people, both), strict=True))


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 3)
