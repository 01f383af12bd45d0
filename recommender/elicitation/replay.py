"""Replay: ask people of whom no model learned, by each strategy, and see how good the list is that their answers lead to.

Half of everybody's ratings, drawn at random, are what they can answer with; the other half is hidden. Nobody is asked about a
hidden movie, and whatever they could answer with is left out of every list, asked or not: so no strategy gains by asking
away what would else stand in the list in vain. A movie that they have not rated costs a question and is answered "not seen".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from recommender.data import Catalog, Histories
from recommender.data.dataset import Dataset
from recommender.elicitation.crowd import Crowd, Interview
from recommender.elicitation.gain import Score, expected_gain
from recommender.elicitation.strategies import STRATEGIES, Strategy
from recommender.errors import MarqueeError
from recommender.evaluation import intervals
from recommender.evaluation.comparison import sign_flip
from recommender.evaluation.metrics.accuracy import hits_of, ndcg
from recommender.evaluation.report import Metric
from recommender.models.base import Progress, Recommender, silent
from recommender.ranking import best

MOST_PEOPLE = 120
FEWEST_RATINGS = 40
"""Of somebody who is asked: half of them are answers, half are hidden."""
QUESTIONS = 20
AFTER = (3, 5, 10, 20)
"""Questions after which the list is looked at."""
ANSWERS = 5
"""Answers after which it is looked at, too; of those who run out of questions before, at the end."""
K = 10
BASELINE = "popularity"
GAIN = "gain"

Asker = Callable[[Interview], Sequence[int] | NDArray[np.int32]]
"""Given an interview, the items that might be asked next, best first."""
Casting = Callable[[Score, Crowd, Catalog], Asker]
"""Makes the asker once model and crowd are known."""


class Figure(BaseModel):
    """NDCG@10 at one moment of the interviews."""

    model_config = ConfigDict(frozen=True)

    quality: Metric
    lead: Metric | None
    """Over asking by popularity, paired; None for that itself."""
    p: float | None
    """Of the lead, by a randomisation test, two-sided."""
    answers: float
    """Mean number of answers by then."""


class Replayed(BaseModel):
    """What a replay found for one model."""

    model_config = ConfigDict(frozen=True)

    people: int
    seed: int
    start: Metric
    """NDCG@10 before the first question."""
    figures: dict[str, dict[str, Figure]]
    """By strategy, then by moment: "3 questions", "5 answers"."""
    seconds: float


def by(strategy: Strategy) -> Casting:
    """Asks everybody in one order."""

    def cast(score: Score, crowd: Crowd, catalog: Catalog) -> Asker:
        order = crowd.questions[np.argsort(-strategy(crowd), kind="stable")]
        return lambda interview: order

    return cast


def by_gain(score: Score, crowd: Crowd, catalog: Catalog) -> Asker:
    """Asks by expected gain after each answer; what two people have in common so far is worked out once."""
    known: dict[tuple[bytes, bytes, bytes], NDArray[np.int32]] = {}

    def ask(interview: Interview) -> NDArray[np.int32]:
        key = (interview.items.tobytes(), interview.ratings.tobytes(), interview.unseen.tobytes())
        if key not in known:
            known[key] = expected_gain(score, crowd, interview).items
        return known[key]

    return ask


CASTINGS: dict[str, Casting] = {**{name: by(strategy) for name, strategy in STRATEGIES.items()}, GAIN: by_gain}


def replay(
    dataset: Dataset,
    model: Recommender,
    castings: Mapping[str, Casting] = CASTINGS,
    *,
    seed: int = 0,
    most_people: int = MOST_PEOPLE,
    progress: Progress = silent,
) -> Replayed:
    """Fit `model` to everybody but those who are asked, then ask them by each strategy; popularity must be among them.

    `progress` counts people asked, over all strategies. Raises MarqueeError when nobody has enough ratings.
    """
    began = time.perf_counter()
    log = dataset.interactions
    able = np.flatnonzero(np.diff(log.offsets) >= FEWEST_RATINGS)
    held = np.random.default_rng(seed).permutation(able)[: min(most_people, len(able) // 2)]
    if not len(held):
        raise MarqueeError(f"Nobody can be asked: too few people have {FEWEST_RATINGS} ratings or more; add ratings.")
    train = log.select(~np.isin(log.user, held))
    total = len(castings) * len(held)
    model.fit(train, dataset.catalog, lambda step, steps, metrics: progress(0, total, metrics))
    crowd = Crowd.of(train, len(dataset.catalog), seed)
    witnesses = [_Witness.of(dataset, int(person), seed) for person in held]
    quality: dict[str, NDArray[np.float64]] = {}  # [people, 1 + moments]
    answers: dict[str, NDArray[np.float64]] = {}
    for name, casting in castings.items():
        asker = casting(model.score, crowd, dataset.catalog)
        heard = []
        for witness in witnesses:
            heard.append(witness.interviewed(asker, model.score))
            progress(len(quality) * len(held) + len(heard), total, {})
        quality[name] = np.array([one[0] for one in heard])
        answers[name] = np.array([one[1] for one in heard], np.float64)
    draws = intervals.resamples(len(held), seed)
    moments = [*(f"{count} questions" for count in AFTER), f"{ANSWERS} answers"]
    figures = {
        name: {
            moment: _figure(quality[name][:, at], quality[BASELINE][:, at], answers[name][:, at], draws, seed, name)
            for at, moment in enumerate(moments, 1)
        }
        for name in castings
    }
    start = _mean(quality[BASELINE][:, 0], draws)
    seconds = round(time.perf_counter() - began, 1)
    return Replayed(people=len(held), seed=seed, start=start, figures=figures, seconds=seconds)


class _Witness:
    """Somebody who is asked."""

    def __init__(self, answers: dict[int, float], hidden: NDArray[np.int32]) -> None:
        self.answers, self.hidden = answers, hidden

    @classmethod
    def of(cls, dataset: Dataset, person: int, seed: int) -> _Witness:
        rows = np.flatnonzero(dataset.interactions.user == person)
        rows = rows[np.random.default_rng((seed, person)).permutation(len(rows))]
        told, hidden = rows[: len(rows) // 2], rows[len(rows) // 2 :]
        log = dataset.interactions
        answers = dict(zip(log.item[told].tolist(), log.rating[told].tolist(), strict=True))
        return cls(answers, np.setdiff1d(log.item[hidden], log.item[told]))

    def interviewed(self, asker: Asker, score: Score) -> tuple[NDArray[np.float64], list[int]]:
        """NDCG@10 before the first question and at each moment, and the answers that had been given by then."""
        interview, course = Interview.opening(), [Interview.opening()]
        for _ in range(QUESTIONS):
            done = set(interview.asked.tolist()) | set(self.hidden.tolist())
            item = next((int(item) for item in asker(interview) if int(item) not in done), None)
            if item is not None:
                interview = interview.told(item, self.answers.get(item))
            course.append(interview)
        enough = next((one for one in course if len(one.items) >= ANSWERS), course[-1])
        looked_at = [course[0], *(course[count] for count in AFTER), enough]
        histories = Histories.of([(one.items, one.ratings, np.arange(len(one.items))) for one in looked_at])
        scores = np.array(score(histories), np.float32)
        scores[:, list(self.answers)] = -np.inf
        lists = np.full((len(scores), K), -1, np.int32)
        for place, row in enumerate(scores):
            top = best(row, K)
            lists[place, : len(top)] = top
        person = np.repeat(np.arange(len(lists)), len(self.hidden))
        hits = hits_of(lists, person, np.tile(self.hidden, len(lists)))
        return ndcg(hits, np.full(len(lists), len(self.hidden)), K), [len(one.items) for one in looked_at]


def _figure(
    values: NDArray[np.float64],
    baseline: NDArray[np.float64],
    answers: NDArray[np.float64],
    draws: NDArray[np.float32],
    seed: int,
    name: str,
) -> Figure:
    if name == BASELINE:
        return Figure(quality=_mean(values, draws), lead=None, p=None, answers=float(answers.mean()))
    ahead = values - baseline
    p = float(sign_flip(ahead[:, None], seed)[0])
    return Figure(quality=_mean(values, draws), lead=_mean(ahead, draws), p=p, answers=float(answers.mean()))


def _mean(values: NDArray[np.float64], draws: NDArray[np.float32]) -> Metric:
    found = intervals.mean(values, draws)
    assert found is not None
    return found
