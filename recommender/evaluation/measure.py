"""Measuring: fit models to a split's training rows, ask them its trials, and put figures to their answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.data.splits import Split, Trial
from recommender.errors import MarqueeError
from recommender.evaluation import intervals
from recommender.evaluation.comparison import against_best
from recommender.evaluation.genres import genre_matrix
from recommender.evaluation.metrics.accuracy import hit_rate, hits_of, ndcg, recall, reciprocal_rank
from recommender.evaluation.metrics.calibration import miscalibration
from recommender.evaluation.metrics.diversity import diversity
from recommender.evaluation.metrics.novelty import novelty
from recommender.evaluation.metrics.popularity_bias import mean_popularity
from recommender.evaluation.report import Metric, Trained, TrialReport
from recommender.models.base import Progress, Recommender, silent
from recommender.ranking import top_lists

Models = Mapping[str, Callable[[], Recommender]]
"""By slug, what makes the model, configured and not yet fitted: its class will do."""

CUTS = (10, 20)
"""Lengths of list at which accuracy is measured; what lies beyond accuracy is measured at the first."""
MAIN = f"ndcg@{CUTS[0]}"
"""The figure by which models are compared."""
MOST_PEOPLE = 10_000
"""Of more, so many are drawn and asked; the whole catalogue is ranked for each."""
TICKS = 1_000
"""Steps of progress per model: half for the fit, half for the answers."""


@dataclass(frozen=True, eq=False)
class Question:
    """A trial put into the form in which a model is asked."""

    label: str
    people: NDArray[np.int64]
    """Who they are in the data, ascending."""
    histories: Histories
    person: NDArray[np.int64]
    """The row of `histories` to which each hidden item belongs."""
    item: NDArray[np.int32]
    unanswerable: int

    @classmethod
    def of(cls, trial: Trial, n_items: int, seed: int) -> Question:
        """Leave out hidden items that the person has shown before, and people of whom nothing else is hidden."""
        hidden = np.unique(trial.hidden.user.astype(np.int64) * n_items + trial.hidden.item)
        asked = hidden[~np.isin(hidden, trial.shown.user.astype(np.int64) * n_items + trial.shown.item)]
        people = np.unique(asked // n_items)
        unanswerable = len(trial.people) - len(people)
        if len(people) > MOST_PEOPLE:
            people = np.sort(np.random.default_rng(seed).choice(people, MOST_PEOPLE, replace=False))
            asked = asked[np.isin(asked // n_items, people)]
        histories = Histories.from_interactions(trial.shown).select(people)
        person = np.searchsorted(people, asked // n_items)
        return cls(trial.label, people, histories, person, (asked % n_items).astype(np.int32), unanswerable)


@dataclass(frozen=True, eq=False)
class Measured:
    """What measuring a split gives: see the fields of the same names in `Report`."""

    models: dict[str, Trained]
    trials: list[TrialReport]


def measure(catalog: Catalog, split: Split, models: Models, *, seed: int = 0, progress: Progress = silent) -> Measured:
    """Fit each model once, ask it every trial of the split.

    `progress(step, total, metrics)` counts `TICKS` steps per model, in the order of `models`; `Cancelled` raised from it ends
    the evaluation. Raises MarqueeError when there is nothing to learn from or nobody to ask.
    """
    if not len(split.train):
        raise MarqueeError("There is nothing to learn from: everybody has one rating only; add ratings.")
    questions = [question for trial in split.trials if (question := Question.of(trial, len(catalog), seed)).person.size]
    if not questions:
        raise MarqueeError("There is nobody to ask: nobody has a second rating to hide; add ratings.")
    shelf = Shelf(catalog, split.train)
    draws = [intervals.resamples(len(question.histories), seed) for question in questions]
    trained: dict[str, Trained] = {}
    figures: list[dict[str, dict[str, Metric]]] = [{} for _ in questions]
    main: list[dict[str, NDArray[np.float64]]] = [{} for _ in questions]
    asked = sum(len(question.histories) for question in questions)
    for number, (slug, make) in enumerate(models.items()):
        model, told = make(), Ticks(progress, number, len(models), asked)
        began = time.perf_counter()
        model.fit(split.train, catalog, told.fitting)
        fitted = time.perf_counter()
        for place, question in enumerate(questions):
            lists, _ = top_lists(model, question.histories, max(CUTS), told.asked_some)
            per_person = shelf.per_person(lists, question)
            main[place][slug] = per_person[MAIN]
            figures[place][slug] = shelf.figures(per_person, lists, draws[place])
        trained[slug] = Trained(
            name=model.card.name,
            config=model.config.model_dump(),
            fit_seconds=round(fitted - began, 3),
            score_seconds=round(time.perf_counter() - fitted, 3),
        )
    return Measured(
        trained,
        [
            TrialReport(
                label=question.label,
                people=len(question.histories),
                unanswerable=question.unanswerable,
                models=figures[place],
                comparisons=against_best(main[place], MAIN, draws[place], seed),
            )
            for place, question in enumerate(questions)
        ],
    )


class Shelf:
    """What the figures need to know of the catalogue and of the training."""

    def __init__(self, catalog: Catalog, train: Interactions) -> None:
        self._genres = genre_matrix(catalog)
        self._n_items = len(catalog)
        self._people = len(np.unique(train.user))
        self._raters = np.diff(train.matrix(len(catalog)).tocsc().indptr).astype(np.int64)

    def per_person(self, lists: NDArray[np.int32], question: Question) -> dict[str, NDArray[np.float64]]:
        """Every figure that a person has by themself, `[people]`; NaN where one is not defined."""
        hits = hits_of(lists, question.person, question.item)
        relevant = np.bincount(question.person, minlength=len(lists))
        values: dict[str, NDArray[np.float64]] = {}
        for k in CUTS:
            values |= {
                f"hr@{k}": hit_rate(hits, k),
                f"ndcg@{k}": ndcg(hits, relevant, k),
                f"mrr@{k}": reciprocal_rank(hits, k),
                f"recall@{k}": recall(hits, relevant, k),
            }
        k = CUTS[0]
        top = lists[:, :k]
        values[f"novelty@{k}"] = novelty(top, self._raters, self._people)
        values[f"popularity@{k}"] = mean_popularity(top, self._raters, self._people)
        if self._genres is not None:
            values[f"diversity@{k}"] = diversity(top, self._genres)
            values[f"miscalibration@{k}"] = miscalibration(top, question.histories, self._genres)
        return values

    def figures(
        self, per_person: Mapping[str, NDArray[np.float64]], lists: NDArray[np.int32], draws: NDArray[np.float32]
    ) -> dict[str, Metric]:
        """Every figure with its interval, those of all lists together included."""
        found = {name: metric for name, values in per_person.items() if (metric := intervals.mean(values, draws))}
        k = CUTS[0]
        found[f"coverage@{k}"], found[f"gini@{k}"] = intervals.shelf(lists[:, :k], self._n_items, draws)
        return found


class Ticks:
    """Turns what one model tells into steps of the whole evaluation."""

    def __init__(self, progress: Progress, number: int, models: int, people: int) -> None:
        self._progress, self._begin, self._total = progress, number * TICKS, models * TICKS
        self._people, self._asked = people, 0

    def fitting(self, step: int, total: int, metrics: Mapping[str, float]) -> None:
        """The progress callable of the fit."""
        self._progress(self._begin + TICKS * step // (2 * max(total, 1)), self._total, metrics)

    def asked_some(self, people: int) -> None:
        """So many more people were asked."""
        self._asked += people
        self._progress(self._begin + TICKS // 2 + TICKS * self._asked // (2 * self._people), self._total, {})
