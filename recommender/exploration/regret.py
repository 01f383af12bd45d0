"""Regret: what a policy gives up while it learns, on people whose real ratings say what every movie was worth to them.

People are held out whole, and the model learns from the others. Each shows a few first ratings; then, round after round, some of
the movies that they rated later are offered, the policy picks one, and their real stars are revealed to model and policy. The regret of
a round is the difference to the best movie on offer, in stars. Every policy is offered movies in the same drawn order, so the
difference between two is one of choosing.

Only movies that a person did rate can be offered, since of others nobody knows the truth. They are likelier to be good than movies
at large, so regrets here are smaller than in life, and so are the differences between policies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from recommender.data import Histories, Interactions
from recommender.errors import MarqueeError
from recommender.evaluation.intervals import mean, resamples
from recommender.evaluation.report import Metric
from recommender.exploration.reward import expected, of_stars
from recommender.exploration.situation import Policy, Situation, pick

OPENING = 5
"""First ratings that a person shows."""
ROUNDS = 30
OFFERED = 20
"""Movies on offer in a round."""
MOST_PEOPLE = 100
SEEDS = 3

Score = Callable[[Histories], NDArray[np.float32]]
Told = Callable[[float], None]
"""Hears which share of the work is done, 0..1."""


@dataclass(frozen=True, eq=False)
class World:
    """People of whom the model learns nothing, and the truth about them."""

    train: Interactions
    """Everybody else's ratings."""
    opening: Histories
    """What they show at first."""
    truth: Histories
    """What they rated after that: all that may be offered to them."""


def held_out(
    interactions: Interactions, rounds: int = ROUNDS, offered: int = OFFERED, people: int = MOST_PEOPLE, seed: int = 0
) -> World:
    """Draw people with so many ratings that something is left to offer in the last round.

    At most half of those who have. Raises MarqueeError when there are none.
    """
    counts = np.bincount(interactions.user, minlength=interactions.n_users)
    able = np.flatnonzero(counts >= OPENING + rounds + offered - 1)
    if len(able) < 2:
        raise MarqueeError(f"Regret needs two people with {OPENING + rounds + offered - 1} ratings or more each.")
    drawn = np.sort(np.random.default_rng(seed).choice(able, min(people, len(able) // 2), replace=False))
    everybody = Histories.from_interactions(interactions).select(drawn)
    place = np.arange(len(everybody.items)) - everybody.offsets[:-1][everybody.rows]
    return World(
        interactions.select(~np.isin(interactions.user, drawn)),
        _only(everybody, place < OPENING),
        _only(everybody, place >= OPENING),
    )


class Curve(BaseModel):
    """One policy."""

    model_config = ConfigDict(frozen=True)

    regret: list[Metric]
    """Stars given up until the end of each round, a mean over people."""
    ahead: dict[str, Metric]
    """Stars that it gave up less than other policies by the last round, paired over people."""


class Regrets(BaseModel):
    """What the simulator found, by policy."""

    model_config = ConfigDict(frozen=True)

    model: str
    people: int
    seeds: int
    offered: int
    curves: dict[str, Curve]


def simulate(
    score: Score,
    world: World,
    vectors: NDArray[np.float32],
    policies: Mapping[str, Policy],
    *,
    model: str,
    against: Sequence[str],
    rounds: int = ROUNDS,
    offered: int = OFFERED,
    seeds: int = SEEDS,
    told: Told = lambda share: None,
) -> Regrets:
    """Play all policies, each with every seed, and hold them `against` some of themselves."""
    crowd = expected(world.train, len(vectors))
    given_up: dict[str, NDArray[np.float64]] = {}  # [people, rounds], the mean over seeds
    for at, (name, policy) in enumerate(policies.items()):
        played = []
        for seed in range(seeds):
            played.append(play(score, world, vectors, crowd, policy, rounds, offered, seed))
            told((at * seeds + seed + 1) / (len(policies) * seeds))
        given_up[name] = np.cumsum(np.mean(played, axis=0), axis=1)
    draws = resamples(len(world.opening), 0)
    curves = {
        name: Curve(
            regret=[_metric(stars[:, turn], draws) for turn in range(rounds)],
            ahead={other: _metric(given_up[other][:, -1] - stars[:, -1], draws) for other in against if other != name},
        )
        for name, stars in given_up.items()
    }
    return Regrets(model=model, people=len(world.opening), seeds=seeds, offered=offered, curves=curves)


def play(
    score: Score,
    world: World,
    vectors: NDArray[np.float32],
    crowd: NDArray[np.float64],
    policy: Policy,
    rounds: int,
    offered: int,
    seed: int,
) -> NDArray[np.float64]:
    """Stars given up in each round, `[people, rounds]`."""
    opening, truth = world.opening, world.truth
    rows = [slice(opening.offsets[b], opening.offsets[b + 1]) for b in range(len(opening))]
    known = [(opening.items[row], opening.ratings[row]) for row in rows]
    rest = [slice(truth.offsets[b], truth.offsets[b + 1]) for b in range(len(truth))]
    left = [(truth.items[row], truth.ratings[row]) for row in rest]
    lost = np.zeros((len(opening), rounds))
    for turn in range(rounds):
        scores = score(Histories.of([(items, stars, np.arange(len(items))) for items, stars in known]))
        for b, (items, stars) in enumerate(left):
            order = np.random.default_rng([seed, b, turn, 0]).permutation(len(truth.items[rest[b]]))
            place = order[np.isin(truth.items[rest[b]][order], items)][:offered]
            offer, worth = truth.items[rest[b]][place], truth.ratings[rest[b]][place]
            moment = situation(scores[b], offer, vectors, crowd, *known[b])
            chosen, _ = pick(policy, moment, np.random.default_rng([seed, b, turn, 1]))
            lost[b, turn] = worth.max() - worth[chosen]
            known[b] = (np.append(known[b][0], offer[chosen]), np.append(known[b][1], worth[chosen]))
            kept = items != offer[chosen]
            left[b] = (items[kept], stars[kept])
    return lost


def situation(
    scores: NDArray[np.float32],
    offer: NDArray[np.int32],
    vectors: NDArray[np.float32],
    crowd: NDArray[np.float64],
    rated: NDArray[np.int32],
    stars: NDArray[np.float32],
) -> Situation:
    """A person's moment: `scores` and `vectors` of all items, the items on `offer`, and what the person rated."""
    return Situation(scores[offer], vectors[offer], crowd[offer], vectors[rated], of_stars(stars) - crowd[rated])


def _metric(values: NDArray[np.float64], draws: NDArray[np.float32]) -> Metric:
    found = mean(values, draws)
    assert found is not None
    return found


def _only(histories: Histories, rows: NDArray[np.bool_]) -> Histories:
    lengths = np.bincount(histories.rows[rows], minlength=len(histories))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Histories(histories.items[rows], histories.ratings[rows], histories.timestamps[rows], offsets)
