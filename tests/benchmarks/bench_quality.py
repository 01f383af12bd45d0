"""How good is every model? All protocols on the embedded data, with 95 % intervals, written to docs/benchmarks.md."""

from __future__ import annotations

import time

from recommender.data.sources import load
from recommender.evaluation import PROTOCOLS, Metric, Report, evaluate
from recommender.evaluation.measure import MAIN
from recommender.evaluation.report import TrialReport
from recommender.models import registry
from tests.benchmarks import report
from tests.benchmarks.models import measured as chosen

SEED = 0
COMMAND = "python -m tests.benchmarks.bench_quality"
ACCURACY = ("ndcg@10", "hr@10", "mrr@10", "recall@20")
BEYOND = ("coverage@10", "novelty@10", "diversity@10", "popularity@10", "gini@10", "miscalibration@10")


def main() -> None:
    """Measure and write."""
    began = time.perf_counter()
    data = load("embedded")
    models = {slug: registry.model_class(slug) for slug in chosen()}
    found = {
        protocol: evaluate(data, protocol, models, seed=SEED)
        for protocol in PROTOCOLS
        if protocol != "cold-item" or all(cls.card.scores_cold_items for cls in models.values())
    }
    seconds = time.perf_counter() - began
    first = found["leave-last"]
    parts = [
        f"{data.name}: {first.ratings:,} ratings, {first.movies:,} movies, fingerprint `{first.fingerprint}`; all models, "
        f"defaults, {len(found)} protocols in {seconds:.0f} s. The whole catalogue is ranked without what a person has "
        "seen; of equal scores the lower index comes first. In parentheses stand bootstrap 95 % intervals over people; p is "
        "that of a paired randomisation test of NDCG@10 against the best model, by Holm adjusted over the models of a table "
        "(the best was chosen on the same people, which flatters it a little).",
    ]
    for protocol in ("leave-last", "temporal"):
        measured = found[protocol]
        parts.append(f"### {protocol}\n\n{measured.sentence} Learned from: {measured.training_ratings:,} ratings.")
        for trial in measured.trials:
            parts.append(f"*{trial.label}*: {trial.people} people.\n\n" + accuracy(trial))
            parts.append(beyond(trial))
    parts.append(
        f"### cold-user\n\n{found['cold-user'].sentence} NDCG@10 by the number of ratings shown, of the models themselves, without the app's fallback to popularity."
    )
    parts.append(curve(found["cold-user"]))
    parts.append(
        "### Why the protocols differ\n\nLeave-last lets a model learn from what other people rated later than the rating it "
        "has to guess; temporal does not, so movies that came out after the cut cannot be found by models that know ratings only. "
        "The figures of *last rating* ask the same question under both. People of MovieLens rate in one sitting, so few have "
        "ratings on both sides of any cut (*returning*), and the order of a sitting partly mirrors the site's own lists, which is "
        "why the first-order chain does well on last ratings and not on everything that follows. Trials that hide many ratings of "
        "a person have higher figures because there is more to be found: compare within a table, not between tables."
    )
    parts.append("### Time\n\n" + times(first))
    report.write("quality", "Quality of each model", "\n\n".join(parts), command=COMMAND, seed=SEED)
    print(f"quality: {seconds:.0f} s")


def accuracy(trial: TrialReport) -> str:
    """Best model first, with p against it."""
    p = {comparison.model: f"{comparison.p_adjusted:.3f}" for comparison in trial.comparisons}
    rows = [
        [slug, *(figure(trial.models[slug][name]) for name in ACCURACY), p.get(slug, "")] for slug in ordered(trial)
    ]
    return report.table(["model", *ACCURACY, "p"], rows)


def beyond(trial: TrialReport) -> str:
    """What the lists are like."""
    rows = [[slug, *(figure(trial.models[slug].get(name)) for name in BEYOND)] for slug in ordered(trial)]
    return report.table(["model", *BEYOND], rows)


def curve(measured: Report) -> str:
    """NDCG@10 as a function of the ratings shown, fewest first."""
    trials = list(reversed(measured.trials))
    rows = [[slug, *(figure(trial.models[slug][MAIN]) for trial in trials)] for slug in ordered(trials[-1])]
    return f"{trials[0].people} people.\n\n" + report.table(["model", *(trial.label for trial in trials)], rows)


def times(measured: Report) -> str:
    """Seconds of learning, and milliseconds per person of answering in batches."""
    people = measured.trials[0].people
    rows = [
        [slug, f"{model.fit_seconds:.2f}", f"{1000 * model.score_seconds / people:.2f}"]
        for slug, model in measured.models.items()
    ]
    return report.table(["model", "fit, seconds", "answer and figures, ms per person"], rows)


def ordered(trial: TrialReport) -> list[str]:
    """Best first."""
    return sorted(trial.models, key=lambda slug: -trial.models[slug][MAIN].value)


def figure(metric: Metric | None) -> str:
    """A value and its interval."""
    return "" if metric is None else f"{metric.value:.3f} ({metric.low:.3f}-{metric.high:.3f})"


if __name__ == "__main__":
    main()
