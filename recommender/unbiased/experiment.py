"""The whole experiment: show, click, learn in every way, and ask who ranks best for people who never clicked.

Rankers are judged on the judges' true grades, over all movies that each rated in the second half. How far a ranker has learned the positions is told by
how alike its order is to the order that the house's rule would show the judges (Kendall's τ-b).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from scipy.stats import kendalltau

from recommender.evaluation.intervals import mean, resamples
from recommender.evaluation.report import Metric
from recommender.unbiased import em, swaps
from recommender.unbiased.clicks import ClickModel, attraction
from recommender.unbiased.losses import DLA, IPS, Correction, Naive, Tower
from recommender.unbiased.propensity import FLOOR, Propensities, clipped
from recommender.unbiased.ranker import EPOCHS, Told, scores, train
from recommender.unbiased.sessions import PLACES, SESSIONS, Habit, Log, simulate
from recommender.unbiased.world import World

K = 10
NAIVE, TRUTH = "naive", "truth"
TITLES = {
    NAIVE: "Naive",
    "ips_swap": "IPS, swaps",
    "ips_em": "IPS, EM",
    "dla": "DLA",
    "tower": "Position tower",
    TRUTH: "The truth",
}
"""How a ranker can be trained, for people."""


class Trained(BaseModel):
    """One way to learn."""

    model_config = ConfigDict(frozen=True)

    ndcg: Metric
    """NDCG@10 on true grades, over judges."""
    behind: Metric
    """What it lacks to the one trained on the truth, paired over judges."""
    agreement: Metric
    """Kendall's τ-b with the order of the house's rule, -1..1, over judges."""


class Place(BaseModel):
    """How likely a place is to be looked at beside the first; without a value where nothing was found."""

    model_config = ConfigDict(frozen=True)

    value: float | None
    low: float | None
    high: float | None


class Experiment(BaseModel):
    """What was found, as means over seeds."""

    model_config = ConfigDict(frozen=True)

    lists: int
    clicks: int
    """Of all seeds."""
    judges: int
    seeds: int
    floor: float
    clipped: dict[str, int]
    """By way to learn: propensities that lay below the floor, of all seeds."""
    trained: dict[str, Trained]
    curves: dict[str, list[Place]]
    """By estimator, of the first seed: "truth", "swap", "em", "dla", "tower"."""

    def within(self, way: str) -> bool:
        """Whether it comes within the interval of the one trained on the truth."""
        return self.trained[way].ndcg.value >= self.trained[TRUTH].ndcg.low


def run(
    world: World,
    model: ClickModel,
    habit: Habit | None = None,
    sessions: int = SESSIONS,
    places: int = PLACES,
    floor: float = FLOOR,
    epochs: int = EPOCHS,
    seeds: int = 1,
    first_seed: int = 0,
    told: Told = lambda share: None,
) -> Experiment:
    """Do it with each seed."""
    habit = Habit() if habit is None else habit
    quality: dict[str, list[NDArray[np.float64]]] = {way: [] for way in TITLES}
    likeness: dict[str, list[NDArray[np.float64]]] = {way: [] for way in TITLES}
    clips = dict.fromkeys(("ips_swap", "ips_em"), 0)
    curves: dict[str, list[Place]] = {}
    clicks, rule = 0, habit.scores(world)
    for turn in range(seeds):
        seed = first_seed + turn
        log = simulate(world, model, habit, sessions, places, seed=seed)
        clicks += int(log.clicks.sum())
        found = {"swap": swaps.swapped(log, seed=seed), "em": em.estimated(world, log, seed=seed)}
        ways = corrections(found, places, floor)
        for at, (way, correction) in enumerate(ways.items()):
            labels = attraction(world.grades)[log.rows] if way == TRUTH else log.clicks
            ranker = train(correction, world.features, log.rows, labels, epochs, seed)
            answer = scores(ranker, world.features).astype(np.float64)
            quality[way].append(ndcg(world, answer))
            likeness[way].append(agreement(world, answer, rule))
            told((turn + (at + 1) / len(ways)) / seeds)
        for way, estimator in (("ips_swap", "swap"), ("ips_em", "em")):
            clips[way] += clipped(found[estimator].values, floor)[1]
        curves = curves or curves_of(log, found, ways)
    draws = resamples(len(world.judges), 0)
    own = {way: np.mean(values, axis=0) for way, values in quality.items()}
    trained = {
        way: Trained(
            ndcg=_metric(values, draws),
            behind=_metric(own[TRUTH] - values, draws),
            agreement=_metric(np.mean(likeness[way], axis=0), draws),
        )
        for way, values in own.items()
    }
    return Experiment(
        lists=sessions * seeds,
        clicks=clicks,
        judges=trained[TRUTH].ndcg.n,
        seeds=seeds,
        floor=floor,
        clipped=clips,
        trained=trained,
        curves=curves,
    )


def corrections(found: Mapping[str, Propensities], places: int, floor: float = FLOOR) -> dict[str, Correction]:
    """Every way to learn, by its name in `TITLES`."""
    return {
        NAIVE: Naive(),
        "ips_swap": IPS(found["swap"].values, floor),
        "ips_em": IPS(found["em"].values, floor),
        "dla": DLA(places, floor),
        "tower": Tower(places),
        TRUTH: Naive(),
    }


def curves_of(log: Log, found: Mapping[str, Propensities], ways: Mapping[str, Correction]) -> dict[str, list[Place]]:
    """The true curve of a log, and all that were estimated or learned."""
    looked = log.examined.mean(axis=0)
    curves = {"truth": _exactly(looked / looked[0])}
    for name, one in found.items():
        curves[name] = [_place(*three) for three in zip(one.values, one.low, one.high, strict=True)]
    for name in ("dla", "tower"):
        learned = ways[name].propensities()
        assert learned is not None
        curves[name] = _exactly(learned)
    return curves


def ndcg(world: World, answer: NDArray[np.float64], k: int = K) -> NDArray[np.float64]:
    """Gains 2^y - 1 over log2(1 + rank), beside the best order, per judge; NaN for who liked nothing. Source: Burges et al. (2005)."""
    found = np.full(len(world.judges), np.nan)
    discount = 1 / np.log2(np.arange(2, k + 2))
    for at, person in enumerate(world.judges):
        rows = world.rows_of(person)
        gains = 2.0 ** world.grades[rows] - 1
        if gains.any():
            best, own = np.sort(gains)[::-1][:k], gains[np.argsort(-answer[rows], kind="stable")[:k]]
            found[at] = (own @ discount[: len(own)]) / (best @ discount[: len(best)])
    return found


def agreement(world: World, answer: NDArray[np.float64], rule: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kendall's τ-b of both orders, per judge; NaN where either is no order."""
    return np.array([kendalltau(answer[rows], rule[rows]).statistic for rows in map(world.rows_of, world.judges)])


def _metric(values: NDArray[np.float64], draws: NDArray[np.float32]) -> Metric:
    found = mean(values, draws)
    assert found is not None
    return found


def _exactly(values: NDArray[np.float64]) -> list[Place]:
    return [_place(value, value, value) for value in values]


def _place(*three: float) -> Place:
    value, low, high = (float(one) if np.isfinite(one) else None for one in three)
    return Place(value=value, low=low, high=high)
