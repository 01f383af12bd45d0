"""How fast the engine answers on the embedded data: one person, everybody's models, a thousand people, and why."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from recommender.data import Histories
from recommender.data.sources import load
from recommender.models import registry
from recommender.serving.answers import Person
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.engine import Engine
from recommender.serving.training import train
from tests.benchmarks import report
from tests.benchmarks.models import measured

SEED, PEOPLE, LIST, SHOWN, BATCH, EXPLAINED = 0, 200, 100, 24, 1_000, 30


def milliseconds(calls: list[Callable[[], object]]) -> tuple[str, str]:
    """Median and 95th percentile of the calls, in words."""
    taken = []
    for call in calls:
        began = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - began))
    return f"{np.median(taken):.2f}", f"{np.percentile(taken, 95):.2f}"


def people(histories: Histories, chosen: np.ndarray, mark: str) -> list[Person]:
    """Persons that the engine has not met: every mark gives them other versions."""
    bounds = histories.offsets
    return [
        Person(
            histories.items[bounds[b] : bounds[b + 1]],
            histories.ratings[bounds[b] : bounds[b + 1]],
            histories.timestamps[bounds[b] : bounds[b + 1]],
            f"{mark}{b}",
        )
        for b in chosen.tolist()
    ]


def main() -> None:
    """Train into a folder for the time being, or take what lies trained in one; ask, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trained", type=Path, metavar="DIR", help="models that bench_training --keep DIR has trained")
    trained: Path | None = parser.parse_args().trained
    busy = f"Load average of the machine before: {os.getloadavg()[0]:.1f}."
    dataset = load("embedded")
    slugs = measured()
    histories = Histories.from_interactions(dataset.interactions)
    random = np.random.default_rng(SEED)
    chosen = random.choice(len(histories), PEOPLE, replace=False)
    with tempfile.TemporaryDirectory() as folder:
        store = ArtifactStore(trained or Path(folder))
        for slug in slugs if trained is None else []:
            train(slug, dataset, store)
        engine = Engine(dataset.catalog, dataset.interactions, store)
        engine.answer(people(histories, chosen[:1], "warm")[0], slugs, LIST)

        def explained(slug: str) -> tuple[str, str]:
            calls = []
            near = np.argsort(np.abs(histories.lengths - 100), kind="stable")[:EXPLAINED]
            for person in people(histories, near, "why"):
                items = engine.answer(person, [slug], SHOWN)[slug].items.tolist()
                calls.append(lambda person=person, items=items: engine.explain(person, slug, items))
            return milliseconds(calls)

        def listed(asked: list[str]) -> tuple[str, str]:
            mark = " ".join(asked) + str(len(asked))
            return milliseconds([lambda p=p: engine.answer(p, asked, LIST) for p in people(histories, chosen, mark)])

        many = histories.select(random.integers(0, len(histories), BATCH))
        rows = []
        for served in engine.served():
            slug = served.card.slug
            median, tail = listed([slug])
            batch = [milliseconds([lambda model=served.model: model.score(many)])[0] for _ in range(5)]
            why = explained(slug) if served.card.personal else ("", "")
            rows.append((served.card.name, median, tail, f"{np.median([float(each) for each in batch]):.0f}", *why))
        rows.append(("**the classic ones at once**", *listed(registry.matching("classic")), "", "", ""))
        rows.append((f"**all {len(slugs)} at once**", *listed(slugs), "", "", ""))
    columns = [
        "model",
        "top 100, median ms",
        "p95 ms",
        f"{BATCH:,} people scored, ms",
        f"why {SHOWN} movies, median ms",
        "p95 ms",
    ]
    body = (
        report.table(columns, rows)
        + f"\n\n{PEOPLE} people of the data, each asked once, so that nothing is remembered; explanations for {EXPLAINED} people with about "
        f"100 ratings. Goals at the median: under 5 ms for a classic model and 20 ms for all of those, under 10 ms for a network and "
        "300 ms for every model of the house; a thousand people with EASE under 1,000 ms. How long a network was trained changes "
        f"nothing of this. {busy}"
    )
    report.write(
        "serving",
        "Answering",
        body,
        command=f"python -m tests.benchmarks.bench_serving{' --trained DIR' if trained else ''}",
        seed=SEED,
    )
    print(body)


if __name__ == "__main__":
    main()
