"""Whom is a new movie for? Every model that reads what movies are, asked about movies that it has never seen a rating of."""

from __future__ import annotations

import time

from recommender.data.sources import load
from recommender.evaluation import COLD_ITEM, evaluate
from recommender.evaluation.measure import MAIN
from recommender.evaluation.report import Comparison, Report, TrialReport
from recommender.models import registry
from tests.benchmarks import report
from tests.benchmarks.bench_quality import accuracy, figure, ordered
from tests.benchmarks.models import measured as chosen

SEED = 0
COMMAND = "python -m tests.benchmarks.bench_cold_items"
TO_BEAT = ("contentknn", "hybridmf")
"""Models that a good one leaves behind by more than the interval."""


def main() -> None:
    """Measure and write."""
    began = time.perf_counter()
    models = {slug: cls for slug in chosen() if (cls := registry.model_class(slug)).card.scores_cold_items}
    found = evaluate(load("embedded"), COLD_ITEM, models, seed=SEED)
    report.write(
        "cold-items",
        "New movies",
        body(found, time.perf_counter() - began),
        command=COMMAND,
        seed=SEED,
    )


def body(found: Report, seconds: float) -> str:
    """The section."""
    new, everything = found.trials
    parts = [
        f"{found.dataset}: {found.ratings:,} ratings, {found.movies:,} movies, fingerprint `{found.fingerprint}`; defaults, {seconds:.0f} s. "
        "A tenth of the rated movies is held out with all their ratings, three times, other movies each time; every model is fitted anew for "
        f"each draw, to {found.training_ratings:,} ratings on average. Everybody who rated a held-out movie is asked, and shows the rest of "
        "their ratings; every held-out rating counts as a hit, whatever its stars. A person's figure is the mean over the draws in which "
        "they were asked; in parentheses stand bootstrap 95 % intervals over people; p is that of a paired randomisation test of NDCG@10 "
        "against the best, by Holm adjusted.",
        "`random` is another random order for everybody. `genrepopularity` needs no model: a movie with ratings stands by the number of "
        "people who rated it, a new one by its genres, of which each counts the mean number of raters of its movies that have any.",
        f"### Among new\n\nThe held-out movies of a draw compete with each other: does a model know whom a new movie is for? {new.people} "
        "people. Coverage is that of the new movies.\n\n" + table(new, ["coverage@10"]),
        verdict(new),
        "### Among all\n\nThe held-out movies compete with all that a person has not seen: would a new movie be shown? `new@10` is the share "
        f"of new movies among the ten; a tenth would be theirs by lot. {everything.people} people.\n\n"
        + table(everything, ["new@10", "coverage@10"]),
        verdict(everything),
        "### Time\n\n"
        + report.table(
            ["model", "three fits, seconds"],
            [[slug, f"{found.models[slug].fit_seconds:.1f}"] for slug in ordered(new) if found.models[slug].config],
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def table(trial: TrialReport, beyond: list[str]) -> str:
    """Accuracy, and what the lists are like."""
    rows = [[slug, *(figure(trial.models[slug].get(name)) for name in beyond)] for slug in ordered(trial)]
    return accuracy(trial) + "\n\n" + report.table(["model", *beyond], rows)


def verdict(trial: TrialReport) -> str:
    """Whether the best is better than those that it has to beat by more than luck."""
    pairs = [pair for pair in trial.comparisons if pair.model in TO_BEAT]
    return " ".join(f"{pair.against} leads {pair.model} by {lead(pair)}." for pair in pairs)


def lead(pair: Comparison) -> str:
    """Of the better one, with its interval."""
    return f"{-pair.difference:.3f} {MAIN.upper()} ({-pair.high:.3f} to {-pair.low:.3f}; p {pair.p_adjusted:.3f})"


if __name__ == "__main__":
    main()
