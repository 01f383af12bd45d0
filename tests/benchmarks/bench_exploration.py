"""Exploration: what policies give up on people whose answers are known, and how far off-policy estimates are from the truth.

With `--folder FOLDER` Open Bandit Pipeline is installed there and asked about the same log.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender.data import Histories
from recommender.data.sources import load
from recommender.exploration import EpsilonGreedy, LinUCB, Policy, Thompson, pick
from recommender.exploration.off_policy import ESTIMATORS, Logged, Target
from recommender.exploration.regret import OFFERED, OPENING, ROUNDS, World, held_out, simulate, situation
from recommender.exploration.reward import expected
from recommender.exploration.vectors import house_vectors, own_vectors
from recommender.models import registry
from tests.benchmarks import report
from tests.benchmarks.peers.environments import UNPINNED, run

SEED = 0
MODELS = {"ials": None, "ease": ("greedy", "certain", "linucb", "thompson", "random")}
"""Which policies are played; None: all."""
PLAYED: dict[str, tuple[str, Policy]] = {
    "greedy": ("the model alone", EpsilonGreedy(0.0)),
    "certain": ("the belief without curiosity (LinUCB, α = 0)", LinUCB(0.0)),
    "careful": ("LinUCB, α = .2", LinUCB(0.2)),
    "linucb": (f"LinUCB, α = {LinUCB().alpha}", LinUCB()),
    "thompson": (f"Thompson sampling, spread {Thompson().spread}", Thompson()),
    "wide": ("Thompson sampling, spread .2", Thompson(0.2)),
    "epsilon": ("epsilon-greedy, ε = .1", EpsilonGreedy()),
    "random": ("chance", EpsilonGreedy(1.0)),
}
LOGGED: dict[str, tuple[str, Policy]] = {
    "epsilon": ("epsilon-greedy, ε = .5", EpsilonGreedy(0.5)),
    "thompson": ("Thompson sampling, spread .3", Thompson(0.3)),
}
CHOICES, REPEATS = 8, 30
"""Of each person in a log, and how many logs."""
BEST = 5
"""The target shows one of the so many on offer that the crowd loves most, each as likely."""
LIKED = 4.0
COMMAND = "python -m tests.benchmarks.bench_exploration --folder FOLDER"


@dataclass(frozen=True, eq=False)
class Offers:
    """What is offered to people who have shown their first ratings, `[n, OFFERED]` each."""

    person: NDArray[np.int64]
    items: NDArray[np.int32]
    liked: NDArray[np.float64]
    """Whether they gave four stars or more: the reward, known for every movie on offer."""
    crowd: NDArray[np.float64]
    """The reward that the crowd gives them."""
    scores: NDArray[np.float32]
    """Of all items for each person, `[people, n_items]`."""

    @property
    def wanted(self) -> NDArray[np.float64]:
        """π of the target."""
        rank = np.argsort(np.argsort(-self.crowd, axis=1, kind="stable"), axis=1, kind="stable")
        return (rank < BEST) / BEST


def offers(
    world: World, score: Callable[[Histories], NDArray[np.float32]], crowd: NDArray[np.float64], seed: int
) -> Offers:
    """Draw `CHOICES` sets per person."""
    rng, truth = np.random.default_rng(seed), world.truth
    rows = [
        truth.offsets[b] + rng.choice(truth.lengths[b], OFFERED, replace=False)
        for b in range(len(truth))
        for _ in range(CHOICES)
    ]
    place = np.stack(rows)
    person = np.repeat(np.arange(len(truth)), CHOICES)
    items, liked = truth.items[place], (truth.ratings[place] >= LIKED).astype(float)
    return Offers(person, items, liked, crowd[items], score(world.opening))


def logged(
    world: World, given: Offers, policy: Policy, vectors: NDArray[np.float32], crowd: NDArray[np.float64], seed: int
) -> tuple[Logged, Target, dict[str, NDArray[np.generic]]]:
    """Let a policy choose once from every set: its log, what the target would have done, and both as Open Bandit Pipeline wants them."""
    opening, rng = world.opening, np.random.default_rng([seed, 1])
    n = len(given.person)
    action, propensity = np.empty(n, np.int64), np.empty(n)
    for at, person in enumerate(given.person):
        row = slice(opening.offsets[person], opening.offsets[person + 1])
        moment = situation(
            given.scores[person], given.items[at], vectors, crowd, opening.items[row], opening.ratings[row]
        )
        action[at], propensity[at] = pick(policy, moment, rng)
    reward = given.liked[np.arange(n), action]
    wanted, q = given.wanted, np.clip(2 * given.crowd - 0.8, 0, 1)
    own = np.arange(n), action
    target = Target(wanted[own], q[own], (wanted * q).sum(axis=1))
    told = {"reward": reward, "action": action, "pscore": propensity, "action_dist": wanted, "q": q}
    return Logged(reward, propensity, given.person), target, told


def estimated(
    world: World, score: Callable[[Histories], NDArray[np.float32]], vectors: NDArray[np.float32], folder: Path | None
) -> str:
    """The table of errors, and the comparison with Open Bandit Pipeline."""
    crowd, rows, apart = expected(world.train, len(vectors)), [], []
    for title, policy in LOGGED.values():
        errors: dict[str, list[float]] = {name: [] for name in ("mean of the log", *ESTIMATORS)}
        held, widths = dict.fromkeys(ESTIMATORS, 0), {name: list[float]() for name in ESTIMATORS}
        truths, tops = [], []
        for seed in range(REPEATS):
            given = offers(world, score, crowd, seed)
            log, target, told = logged(world, given, policy, vectors, crowd, seed)
            truth = float((given.wanted * given.liked).sum(axis=1).mean())
            truths.append(truth)
            tops.append(float((target.chances / log.propensities).max()))
            errors["mean of the log"].append(float(log.rewards.mean()) - truth)
            found = {name: estimate(log, target, np.inf, seed) for name, estimate in ESTIMATORS.items()}
            for name, metric in found.items():
                errors[name].append(metric.value - truth)
                held[name] += metric.low <= truth <= metric.high
                widths[name].append(metric.high - metric.low)
            if folder is not None and seed == 0:
                theirs = peer(told, folder)
                apart += [abs(theirs[name] - found[name].value) for name in ESTIMATORS]
        for name, values in errors.items():
            error = np.array(values)
            spread = 1.96 * error.std(ddof=1) / np.sqrt(REPEATS)
            rows.append(
                [
                    f"{title}: {name}",
                    f"{error.mean():+.4f} (±{spread:.4f})",
                    f"{np.sqrt((error**2).mean()):.4f}",
                    f"{np.mean(widths[name]):.3f}" if name in widths else "",
                    f"{held[name]} of {REPEATS}" if name in held else "",
                ]
            )
        rows[-1][0] += f" (truth {np.mean(truths):.3f}, largest weight {max(tops):.1f})"
    head = ["log and estimator", "mean error (95 %)", "root mean square error", "width of the interval", "truth inside"]
    said = (
        f"Open Bandit Pipeline ({' '.join([UNPINNED['obp'][0], *UNPINNED['obp'][1]])}; its own pins ask for Python below 3.11) "
        f"estimates the same from the same logs: largest difference {max(apart):.1e} over {len(apart)} estimates."
        if apart
        else "Without `--folder` Open Bandit Pipeline was not asked."
    )
    return report.table(head, rows) + "\n\n" + said


def peer(told: dict[str, NDArray[np.generic]], folder: Path) -> dict[str, float]:
    """What Open Bandit Pipeline says of a log."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "log.npz"
    np.savez(path, **told)
    run("obp", folder, path)
    found: dict[str, float] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return found


def played(slug: str, world: World) -> str:
    """The regret of every policy with one model."""
    dataset, cls = load("embedded"), registry.model_class(slug)
    model = cls().fit(world.train, dataset.catalog)
    vectors = own_vectors(model)
    kind = "its own vectors"
    if vectors is None:
        vectors, kind = house_vectors(world.train, dataset.catalog), "vectors of ratings and texts"
    found = simulate(
        model.score,
        world,
        vectors,
        {name: PLAYED[name][1] for name in MODELS[slug] or PLAYED},
        model=slug,
        against=["greedy", "certain"],
    )
    rows = []
    for name, curve in found.curves.items():
        less = [curve.ahead.get(other) for other in ("greedy", "certain")]
        rows.append(
            [
                PLAYED[name][0],
                *(
                    f"{curve.regret[turn - 1].value:.2f} ({curve.regret[turn - 1].low:.2f} to {curve.regret[turn - 1].high:.2f})"
                    for turn in (10, ROUNDS)
                ),
                *("" if one is None else f"{one.value:+.2f} ({one.low:+.2f} to {one.high:+.2f})" for one in less),
            ]
        )
    head = [
        "policy",
        "stars given up, 10 choices",
        f"{ROUNDS} choices",
        "less than the model alone",
        "less than without curiosity",
    ]
    return f"**{cls.card.name}**, {kind}, {found.people} people, {found.seeds} seeds:\n\n{report.table(head, rows)}"


def main() -> None:
    """Play, estimate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, help="where Open Bandit Pipeline's environment is kept; without, it is not asked"
    )
    options = parser.parse_args()
    busy, began = os.getloadavg()[0], time.monotonic()
    dataset = load("embedded")
    world = held_out(dataset.interactions, seed=SEED)
    tables = [played(slug, world) for slug in MODELS]
    model = registry.model_class("ials")().fit(world.train, dataset.catalog)
    vectors = own_vectors(model)
    assert vectors is not None
    folder = options.folder.resolve() if options.folder else None
    off = estimated(world, model.score, vectors, folder)
    report.write(
        "exploration",
        "Exploration",
        "\n\n".join(
            [
                f"Regret on held-out people of the embedded data: each shows {OPENING} ratings, then chooses {ROUNDS} times among {OFFERED} movies that they "
                "did rate; the model reads every answer. Regret is in stars against the best movie on offer; intervals are bootstrap 95 % over people, "
                "differences are paired. Trust, precision and spread were chosen on other people (seeds 1 and 2 of `held_out`).",
                *tables,
                f"Off-policy estimates against the truth: {REPEATS} logs of {len(world.opening)} people with {CHOICES} choices among {OFFERED} movies each, after "
                f"{OPENING} ratings. The log is of policies over iALS; the target shows one of the {BEST} on offer that the crowd loves most, each as likely; the reward is four stars or more, and known for every movie, so the "
                "target's value is known. DR guesses 2 × the crowd's reward - .8. Propensities of Thompson sampling are themselves estimates, by 1,000 draws.",
                off,
                f"{time.monotonic() - began:.0f} s in all; load average of the machine before: {busy:.1f}.",
            ]
        ),
        command=COMMAND,
        seed=SEED,
    )


if __name__ == "__main__":
    main()
