"""The cascade against the one model and against each of its sources: how good, and how long each stage takes.

Embedded data, leave-last. Each model is trained once on what the split lets it learn from and kept in `--cache FOLDER`; `--minutes N`
begins no further training after so long.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from app.cascade import SINGLE
from recommender.data import Catalog, Histories, Interactions
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.data.splits import leave_last
from recommender.evaluation.measure import MAIN, Models, Question, measure
from recommender.evaluation.report import TrialReport
from recommender.models.base import Block, ModelCard, Paper, Progress, Recommender, silent
from recommender.serving.answers import Person
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.cascade.outcome import Outcome
from recommender.serving.cascade.plan import DEFAULT, FRESH, Plan, read
from recommender.serving.cascade.retrieval import Sources
from recommender.serving.cascade.run import Cascade
from recommender.serving.cascade.work import operations
from recommender.serving.engine import Engine
from recommender.serving.training import train
from tests.benchmarks import report
from tests.benchmarks.bench_quality import figure, ordered

SEED, TIMED, SHOWN = 0, 200, 10
PATIENCE = 600_000
"""Milliseconds of every deadline here: how good a list is must not depend on how busy the machine is."""
NUMBERS = count()
FAILURES = ("it failed", "it could not answer just now", "it is not trained yet")

Lists = Callable[[Person], NDArray[np.int64]]


class Listed(Recommender):
    """Lists that are made for one person at a time, in the form in which models are measured. It has nothing to learn."""

    def __init__(self, name: str, n_items: int, lists: Lists) -> None:
        super().__init__()
        paper = Paper(authors="", year=2026, title="")
        self.card = ModelCard(  # type: ignore[misc]
            name=name, family="classic", block=Block.LINEAR, paper=paper, sentence="", ratings="", departures=""
        )
        self._n_items, self._lists = n_items, lists

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Nothing to do: the engine behind it has learnt."""
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """High for the list, in its order; 0 for all else."""
        scores = np.zeros((len(histories), self._n_items), np.float32)
        for row, person in zip(scores, people(histories), strict=True):
            items = self._lists(person)
            row[items] = np.arange(len(items), 0, -1)
        return scores

    def state(self) -> dict[str, NDArray[Any]]:
        """Nothing."""
        return {}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Nothing."""


def people(histories: Histories) -> list[Person]:
    """Everybody, as somebody whom the engine has not met."""
    bounds = histories.offsets
    return [
        Person(
            histories.items[bounds[b] : bounds[b + 1]],
            histories.ratings[bounds[b] : bounds[b + 1]],
            histories.timestamps[bounds[b] : bounds[b + 1]],
            f"asked {next(NUMBERS)}",
        )
        for b in range(len(histories))
    ]


def patient(plan: Plan) -> Plan:
    """The same with deadlines that nobody misses."""
    later = {"deadline": PATIENCE}
    return plan.model_copy(
        update={
            "retrieval": plan.retrieval.model_copy(update=later),
            "ranking": plan.ranking.model_copy(update=later),
            "reranking": tuple(step.model_copy(update=later) for step in plan.reranking),
        }
    )


def main() -> None:
    """Train what is missing, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("var/benchmarks/cascade"))
    parser.add_argument("--minutes", type=float, default=float("inf"))
    options = parser.parse_args()
    began = time.monotonic()
    data, plan = load("embedded"), patient(read(DEFAULT))
    split = leave_last(data.interactions)
    learned, store = Dataset(data.name, data.catalog, split.train), ArtifactStore(options.cache)
    needed = [*(source for source in plan.retrieval.sources if source != FRESH), plan.ranking.model, SINGLE]
    missing = [slug for slug in needed if store.current(slug) is None]
    while missing and time.monotonic() - began < 60 * options.minutes:
        train(missing.pop(0), learned, store)
    if missing:
        print(f"Still to be trained: {', '.join(missing)}; run it again.")
        return
    engine = Engine(data.catalog, split.train, store)
    cascade = Cascade(engine)

    def run(planned: Plan) -> Lists:
        return lambda person: np.array(finished(cascade.run(person, planned)).items, np.int64)

    def own(slug: str) -> Lists:
        return lambda person: engine.answer(person, [slug], SHOWN)[slug].items.astype(np.int64)

    n = len(data.catalog)
    asked: dict[str, Lists] = {
        "**cascade**": run(plan),
        "cascade, not re-ranked": run(plan.reranked_by(None)),
        **{f"cascade, {by} alone": run(plan.reranked_by(by)) for by in ("mmr", "dpp", "calibration", "freshness")},
        **{f"{slug}, {role(slug, plan)}": own(slug) for slug in needed},
        "fresh, a source": lambda person: Sources(engine).bring(FRESH, person, SHOWN)[0],
    }
    models: Models = {name: lambda name=name, lists=lists: Listed(name, n, lists) for name, lists in asked.items()}
    trial = measure(data.catalog, split, models, seed=SEED).trials[0]
    shown = Histories.from_interactions(split.trials[0].shown)
    timed = people(shown.select(np.random.default_rng(SEED).choice(len(shown), TIMED, replace=False)))
    body = words(plan, trial, [finished(cascade.run(person, plan)) for person in timed], engine, timed)
    body += "\n\n" + losses(Question.of(split.trials[0], n, SEED), lambda person: cascade.run(person, plan))
    report.write(
        "cascade",
        "The cascade against the one model",
        body,
        command="python -m tests.benchmarks.bench_cascade",
        seed=SEED,
    )
    print(body)


def role(slug: str, plan: Plan) -> str:
    """What a model is beside the cascade."""
    if slug == SINGLE:
        return "the one model"
    return "the ranker, whole catalogue" if slug == plan.ranking.model else "a source"


def finished(outcome: Outcome) -> Outcome:
    """The same; a stage that failed would make every figure wrong. Somebody of whom a model can read nothing is no failure."""
    wrong = [one.left_out for one in (*outcome.sources, *outcome.stages) if one.left_out in FAILURES]
    assert not wrong, wrong
    return outcome


def words(plan: Plan, trial: TrialReport, outcomes: list[Outcome], engine: Engine, timed: list[Person]) -> str:
    """Tables and what they say."""
    names = ("ndcg@10", "hr@10", "coverage@10", "novelty@10", "diversity@10", "miscalibration@10")
    p = {comparison.model: f"{comparison.p_adjusted:.3f}" for comparison in trial.comparisons}
    quality = report.table(
        ["list", *names, "p"],
        [[name, *(figure(trial.models[name].get(one)) for one in names), p.get(name, "")] for name in ordered(trial)],
    )
    rows = []
    for place, source in enumerate(outcomes[0].sources):
        found = [outcome.sources[place] for outcome in outcomes]
        rows.append(
            [
                f"source {source.source}",
                "",
                spread([len(one.items) for one in found], 0),
                spread([one.milliseconds for one in found]),
            ]
        )
    for place, stage in enumerate(outcomes[0].stages):
        steps = [outcome.stages[place] for outcome in outcomes]
        entered = [outcome.catalogue for outcome in outcomes] if not place else [len(step.entered) for step in steps]
        rows.append(
            [
                stage.name,
                spread(entered, 0),
                spread([len(step.left) for step in steps], 0),
                spread([step.milliseconds for step in steps]),
            ]
        )
    rows.append(
        [
            "**whole cascade**",
            spread([one.catalogue for one in outcomes], 0),
            str(plan.shown),
            spread([one.milliseconds for one in outcomes]),
        ]
    )
    alone = [engine.answer(person, [SINGLE], SHOWN)[SINGLE].milliseconds for person in timed]
    rows.append([f"**{SINGLE}**", spread([one.catalogue for one in outcomes], 0), str(SHOWN), spread(alone)])
    one = next(served.model for served in engine.served() if served.card.slug == SINGLE)
    work = [operations(one, person) or 0 for person in timed]
    shared = [
        len({*outcome.items} & {*engine.answer(person, [SINGLE], SHOWN)[SINGLE].items.tolist()})
        for outcome, person in zip(outcomes, timed, strict=True)
    ]
    sources = ", ".join(f"{slug} {number}" for slug, number in plan.retrieval.sources.items())
    steps = ", then ".join(f"{step.by} with weight {step.weight:g} to {step.keep}" for step in plan.reranking)
    return "\n\n".join(
        [
            f"The plan that comes with the house: {sources}; {plan.ranking.model} keeps {plan.ranking.keep}; {steps}; deadlines lifted, so that nothing is "
            f"left out because the machine is busy. *alone*: that re-ranker in place of both, with weight 0.5. Leave-last on the embedded data, {trial.people} people, "
            f"every model with its defaults; intervals and p (against the best line, over {MAIN.upper()}) as under Quality of each model.",
            quality,
            f"### Time\n\nMedian (95th percentile) over {TIMED} people whom the engine has not met; sources run side by side. Load average of the machine: {os.getloadavg()[0]:.1f}.",
            report.table(["stage", "movies in", "movies out", "ms"], rows),
            f"{SINGLE} takes {np.median(work) / 1e6:,.1f} million floating-point operations at the median ({np.percentile(work, 95) / 1e6:,.1f} at the 95th percentile), counted "
            f"by PyTorch over its matrix products. The two lists share {np.mean(shared):.1f} of {SHOWN} movies on average.",
        ]
    )


def losses(question: Question, run_for: Callable[[Person], Outcome]) -> str:
    """At which stage the movie that somebody rated next was lost."""
    at: Counter[str] = Counter()
    outcomes = [run_for(person) for person in people(question.histories)]
    for person, item in zip(question.person, question.item, strict=True):
        lost = outcomes[person].lost(int(item))
        at[lost.stage.name if lost else "shown"] += 1
    total, rest, rows = at.total(), at.total(), []
    for stage in outcomes[0].stages:
        rest -= at[stage.name]
        rows.append([stage.name, at[stage.name], f"{rest} ({rest / total:.1%})"])
    return (
        f"### Where the movie that was rated next is lost\n\nOf {total} hidden movies.\n\n"
        + report.table(["stage", "lost here", "still there"], rows)
        + "\n\nThe last rating of a sitting often follows from the one before it, which models that read in order see and this ranker does not."
    )


def spread(values: list[float] | list[int], digits: int = 1) -> str:
    """Median and 95th percentile."""
    middle, high = np.median(values), np.percentile(values, 95)
    return f"{middle:,.{digits}f}" if middle == high else f"{middle:,.{digits}f} ({high:,.{digits}f})"


if __name__ == "__main__":
    main()
