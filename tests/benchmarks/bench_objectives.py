"""Several objectives: AUC of every goal, told by a shared network and by one of its own, and what novelty costs liking, with intervals."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from recommender.data.sources import load
from recommender.evaluation.objective_runs import Runs
from recommender.evaluation.objectives import Objectives
from recommender.evaluation.objectives_exam import Exam, K
from recommender.evaluation.report import Metric
from recommender.evaluation.single_objective import able
from recommender.training.objectives import OBJECTIVES
from tests.benchmarks import report

COMMAND = "python -m tests.benchmarks.bench_objectives"
MEANING = {"watch": "watch", "like": "like, ≥ 4 stars", "love": "love, 5 stars", "soon": "soon, within an hour"}


def body(found: Objectives, about: str) -> str:
    """The section: three tables."""
    names = found.names
    columns = ["AUC", *MEANING.values()]
    rows = []
    for slug, name in names.items():
        rows.append([f"{name}, shared", *(interval(found.auc[slug][task]) for task in OBJECTIVES)])
        rows.append([f"{name}, one network each", *(interval(found.alone[slug][task]) for task in OBJECTIVES)])
    swings = [[name, *(swing(found, slug, task) for task in OBJECTIVES)] for slug, name in names.items()]
    lists = [[name, *(interval(found.ndcg[slug][task]) for task in OBJECTIVES)] for slug, name in names.items()]
    front = {(point.model, point.weight) for point in found.front()}
    points = [
        [f"{names[point.model]}, novelty {point.weight:g}", interval(point.liked), interval(point.novelty, 2), "yes" if (point.model, point.weight) in front else ""]
        for point in found.points
    ]  # fmt: skip
    return "\n\n".join(
        [
            about,
            f"Which rows an AUC compares, within each person, then averaged over people: watch, every movie they rated after the 20 shown against every other movie of the "
            "catalogue but the shown; like, love and soon, by P(· | watch), those of their held-out ratings that fulfil it against those that do not; people with one "
            f"kind alone are left out. In parentheses 95 % intervals by bootstrap over {found.people} people.",
            report.table(columns, rows),
            "The seesaw, AUC shared less AUC of one network each, paired over people; ▼ loses by sharing, ▲ wins, the interval on one side of zero:",
            report.table(["shared less alone", *MEANING.values()], swings),
            f"NDCG@{K} by P(objective), the whole catalogue ranked, of the held-out movies that fulfil it:",
            report.table([f"NDCG@{K}", *MEANING.values()], lists),
            f"The ten best by ln P(like) + w · rarity: NDCG@{K} of liked movies, and how rare the ten are. On the front are lists that no other one beats in one without falling behind in the other:",
            report.table(["list", f"liked, NDCG@{K}", "novelty, bits", "on the front"], points),
        ]
    )


def interval(metric: Metric, decimals: int = 3) -> str:
    """A figure and its interval."""
    return f"{metric.value:.{decimals}f} ({metric.low:.{decimals}f} to {metric.high:.{decimals}f})"


def swing(found: Objectives, slug: str, task: str) -> str:
    """A difference, and whether it is one."""
    metric = found.seesaw[slug][task]
    mark = " ▼" if found.loses(slug, task) else " ▲" if metric.low > 0 else ""
    return f"{metric.value:+.3f} ({metric.low:+.3f} to {metric.high:+.3f}){mark}"


def main() -> None:
    """Train what is missing, then write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where finished trainings are kept")
    parser.add_argument("--data", choices=["embedded", "ml-100k"], default="embedded")
    parser.add_argument("--models", nargs="+", default=able())
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no training after so long")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    dataset = load(asked.data)
    exam = Exam(dataset.interactions, dataset.catalog)
    runs = Runs(exam, asked.folder, asked.data, asked.epochs, time.monotonic() + asked.seconds)
    found = runs.all(asked.models, asked.seeds)
    if found is None:
        print("some trainings are missing; run it again to go on")
        return
    about = (
        f"{dataset.name}: {len(exam.train):,} ratings of {exam.trained_people} people are learned from; of {found.people} new people 20 ratings are shown and "
        f"{found.hidden:,} later ones hidden (the protocol cold-user). All networks have their defaults but the number of epochs, {asked.epochs} without validation, "
        f"so that shared and single ones are trained alike; nothing was tuned. Mean of {asked.seeds} {'seed' if asked.seeds == 1 else 'seeds'}."
    )
    options = f"--data {asked.data} --epochs {asked.epochs} --seeds {asked.seeds} --folder DIR"
    if asked.models != able():
        options += f" --models {' '.join(asked.models)}"
    report.write(
        f"objectives-{asked.data}",
        f"Several objectives, {asked.data}",
        body(found, about),
        command=f"{COMMAND} {options}",
        seed=0,
    )


if __name__ == "__main__":
    main()
