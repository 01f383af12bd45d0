"""What to ask somebody new: strategies replayed on people of whom no model learned; and how long a question takes to choose."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog
from recommender.data.sources import load
from recommender.elicitation import Crowd, Interview, expected_gain, first_questions, mixed
from recommender.elicitation.gain import Score
from recommender.elicitation.replay import BASELINE, CASTINGS, GAIN, Asker, Figure, Replayed, replay
from recommender.elicitation.strategies import opinion
from recommender.evaluation.report import Metric
from recommender.models import registry
from tests.benchmarks import report

SEED, MODELS, TIMED = 0, ("ease", "ials", "bpr"), 30
FIRST = 40
NAMES = {
    BASELINE: "popularity",
    "entropy": 'entropy, "not seen" counted (Entropy0)',
    "opinion": "entropy of the stars alone",
    "product": "ln(popularity) × entropy",
    "mixed": "popularity, genres and decades mixed",
    "list": "expected gain, one list for everybody",
    GAIN: "expected gain",
}
MOMENTS = ("3 questions", "5 questions", "10 questions", "20 questions", "5 answers")


def traits(catalog: Catalog, item: int) -> Sequence[object]:
    """What the mixed order wants to vary."""
    row = catalog.frame.row(item, named=True)
    return [*(row["genres"] or ()), (row["year"] or 0) // 10]


def by_mixed(score: Score, crowd: Crowd, catalog: Catalog) -> Asker:
    """Asks in the order that knows no model."""
    order = mixed(crowd, partial(traits, catalog))
    return lambda interview: order


def by_list(score: Score, crowd: Crowd, catalog: Catalog) -> Asker:
    """Asks in the order of the first set."""
    order = first_questions(score, crowd, FIRST)
    return lambda interview: order


def by_opinion(score: Score, crowd: Crowd, catalog: Catalog) -> Asker:
    """Asks where those who have seen it disagree most."""
    order: NDArray[np.int32] = crowd.questions[np.argsort(-opinion(crowd), kind="stable")]
    return lambda interview: order


def decimal(metric: Metric) -> str:
    """A figure and its interval."""
    return f"{metric.value:.3f} ({metric.low:.3f} to {metric.high:.3f})"


def led(figure: Figure) -> str:
    """A lead with its interval; empty for the baseline."""
    return (
        "" if figure.lead is None else f"{figure.lead.value:+.3f} ({figure.lead.low:+.3f} to {figure.lead.high:+.3f})"
    )


def section(name: str, found: Replayed) -> str:
    """The table of one model."""
    rows = [
        [
            NAMES[slug],
            *(f"{figures[moment].quality.value:.3f}" for moment in MOMENTS),
            led(figures["5 questions"]),
            led(figures["5 answers"]),
            f"{figures['10 questions'].answers:.1f}",
        ]
        for slug, figures in found.figures.items()
    ]
    head = ["asked by", *MOMENTS, "lead over popularity, 5 questions", "lead, 5 answers", "answers to 10 questions"]
    return f"**{name}**, before the first question {decimal(found.start)}:\n\n{report.table(head, rows)}"


def milliseconds(slug: str) -> str:
    """Median and 95th percentile of choosing a question, for a model that learned from everybody."""
    dataset = load("embedded")
    model = registry.model_class(slug)().fit(dataset.interactions, dataset.catalog)
    crowd, interview, taken = Crowd.of(dataset.interactions, len(dataset.catalog)), Interview.opening(), []
    for turn in range(TIMED):
        began = time.perf_counter()
        item = int(expected_gain(model.score, crowd, interview).items[0])
        taken.append(1_000 * (time.perf_counter() - began))
        interview = interview.told(item, 4.0 if turn % 3 == 0 else None)
    return f"{registry.model_class(slug).card.name} {np.median(taken):.0f} ms (p95 {np.quantile(taken, 0.95):.0f})"


def main() -> None:
    """Replay every strategy with each model, and write the section."""
    busy = os.getloadavg()[0]
    dataset = load("embedded")
    castings = {**CASTINGS, "opinion": by_opinion, "mixed": by_mixed, "list": by_list}
    ordered = {slug: castings[slug] for slug in NAMES}
    found = {slug: replay(dataset, registry.model_class(slug)(), ordered, seed=SEED) for slug in MODELS}
    tables = [section(registry.model_class(slug).card.name, one) for slug, one in found.items()]
    people = next(iter(found.values())).people
    report.write(
        "elicitation",
        "What to ask somebody new",
        "\n\n".join(
            [
                f"NDCG@10 of the model's list after an interview with each of {people} people of whom it learned nothing. Half of their ratings, drawn at "
                "random, are what they can answer with, the other half is what the list is held against; a movie that they have not rated costs a question. "
                "Nobody is asked about a hidden movie, and all that they could answer with is left out of every list, asked or not. "
                "Leads are paired over people, with bootstrap 95 % intervals.",
                *tables,
                f"Choosing one question by expected gain, median of {TIMED} in a row on one core: {', '.join(map(milliseconds, MODELS))}; "
                f"the goal is 300 ms. Load average of the machine before: {busy:.1f}.",
            ]
        ),
        command="python -m tests.benchmarks.bench_elicitation",
        seed=SEED,
    )


if __name__ == "__main__":
    main()
