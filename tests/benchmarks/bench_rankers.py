"""How long a ranker looks at the whole catalogue for one person, and at the 1,000 best of retrieval."""

from __future__ import annotations

import os
from functools import partial

import numpy as np

from recommender.data import Histories
from recommender.data.sources import load
from recommender.models import registry
from recommender.models.abilities import ScoresCandidates
from tests.benchmarks import report
from tests.benchmarks.bench_serving import milliseconds

SEED, PEOPLE, CANDIDATES, GOAL_MS = 0, 100, 1_000, 50


def main() -> None:
    """One epoch each, since how long a network was trained changes nothing of this; ask, and write the section."""
    busy = f"Load average of the machine before: {os.getloadavg()[0]:.1f}."
    dataset = load("embedded")
    histories, random = Histories.from_interactions(dataset.interactions), np.random.default_rng(SEED)
    people = [histories.select(np.array([p])) for p in random.choice(len(histories), PEOPLE, replace=False)]
    some = np.sort(random.choice(len(dataset.catalog), CANDIDATES, replace=False))
    rows = []
    for slug in registry.names():
        cls = registry.model_class(slug)
        if not issubclass(cls, ScoresCandidates):
            continue
        quick = {"epochs": 1} if "epochs" in cls.Config.model_fields else {}
        model = cls(cls.Config.model_validate(quick)).fit(dataset.interactions, dataset.catalog)
        assert isinstance(model, ScoresCandidates)
        model.score(people[0])
        whole = milliseconds([partial(model.score, one) for one in people])
        best = milliseconds([partial(model.score_candidates, one, some) for one in people])
        rows.append((cls.card.name, *whole, *best))
        print(rows[-1], flush=True)
    columns = [
        "ranker",
        f"all {len(dataset.catalog):,} movies, median ms",
        "p95 ms",
        f"{CANDIDATES:,} of them, median ms",
        "p95 ms",
    ]
    within = sum(float(row[1]) < GOAL_MS for row in rows)
    body = (
        f"{report.table(columns, rows)}\n\n{PEOPLE} people of the embedded data, each asked alone with all of their ratings. The goal is less than {GOAL_MS} ms at the "
        f"median, for the whole catalogue, or for the {CANDIDATES:,} best of retrieval where the card says that the model looks at those: {within} of {len(rows)} "
        f"meet it on the whole catalogue. {busy}"
    )
    report.write("rankers", "Rankers, one person", body, command="python -m tests.benchmarks.bench_rankers", seed=SEED)


if __name__ == "__main__":
    main()
