"""How good are the sequence and generative models? Leave-last, with the chain and the classic models beside.

On the embedded data, unless `--data` names others. Each network is trained once and kept in `--cache FOLDER`, so a run that was
ended goes on where it was; `--minutes N` begins no further training after so long, and says which are missing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from functools import partial
from pathlib import Path
from typing import cast

from recommender.data import Histories
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.data.splits import leave_last
from recommender.evaluation.measure import MAIN, Models, measure
from recommender.evaluation.report import TrialReport
from recommender.models import registry
from recommender.models.base import Recommender
from recommender.training.sequence import SequenceNetwork, SequenceRecommender
from recommender.training.validation import hold_out
from tests.benchmarks import report
from tests.benchmarks.bench_quality import accuracy, figure, ordered
from tests.benchmarks.models import measured

SEED = 0
COMMAND = "python -m tests.benchmarks.bench_sequences"
EMBEDDED = "embedded"
FAMILIES = ("sequential", "generative")
FIRST = ("sasrec", "lrurec", "caser", "srgnn", "hstu", "gru4rec")
"""Trained first, should the time end early."""
SHARES = (0.0, 0.1, 0.3, 0.5)
"""Of the first-order chain in the answer; asked of the same trained network."""


class Shelf:
    """Networks that were trained, by slug, config and data."""

    def __init__(self, folder: Path, data: Dataset) -> None:
        self._folder, self._data = folder, data
        self._train = leave_last(data.interactions, "validation").train

    def place(self, slug: str) -> Path:
        """Where the network with its default config is kept."""
        config = registry.model_class(slug).Config()
        key = f"{config.model_dump_json()} {len(self._train)} {self._train.item.sum()}"
        return self._folder / f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"

    def has(self, slug: str) -> bool:
        """Whether it is there, complete."""
        return (self.place(slug) / "seconds.json").exists()

    def train(self, slug: str) -> None:
        """Fit to everybody's ratings but the last two; validation and test ask the same network."""
        cls = registry.model_class(slug)
        began = time.process_time()
        model = cls(cls.Config(seed=SEED)).fit(self._train, self._data.catalog)
        seconds = time.process_time() - began
        model.save(self.place(slug))
        (self.place(slug) / "seconds.json").write_text(json.dumps({"processor": seconds}), encoding="utf-8")
        print(f"{slug}: {seconds:.0f} s", flush=True)

    def seconds(self, slug: str) -> float:
        """How long it took, on the processor."""
        return float(json.loads((self.place(slug) / "seconds.json").read_text(encoding="utf-8"))["processor"])

    def answering(self, slug: str, share: float) -> Recommender:
        """The network as a model that need not be fitted, with another share of the chain."""
        model = registry.model_class(slug).load(self.place(slug))
        if isinstance(model, SequenceRecommender):
            if not model.config.chain:
                learned, _ = hold_out(Histories.from_interactions(self._train), model.config.validation_people, SEED)
                cast(SequenceNetwork, model.net).chain.count(learned)
            model.config = model.config.model_copy(update={"chain": share})
        model.fit = lambda interactions, catalog, progress: model  # type: ignore[method-assign, assignment, return-value]
        return model


def main() -> None:
    """Train what is missing, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("var/benchmarks/sequences"))
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--data", default=EMBEDDED, help="as for `recommender train`")
    options = parser.parse_args()
    began = time.monotonic()
    data = load(options.data)
    shelf = Shelf(options.cache, data)
    networks = sorted(
        (slug for slug in measured() if registry.model_class(slug).card.family in FAMILIES),
        key=lambda slug: (FIRST.index(slug) if slug in FIRST else len(FIRST), slug),
    )
    for slug in networks:
        if not shelf.has(slug) and time.monotonic() - began < 60 * options.minutes:
            shelf.train(slug)
    if not any(map(shelf.has, networks)):
        print("No network was trained, so there is nothing to measure; give it more minutes.")
        return
    section, command = "sequences", COMMAND
    if options.data != EMBEDDED:
        section, command = f"sequences-{data.name}", f"{COMMAND} --data {Path(options.data).name}"
    report.write(section, f"Sequence models, {data.name}", body(data, shelf, networks), command=command, seed=SEED)


def body(data: Dataset, shelf: Shelf, networks: list[str]) -> str:
    """Shares of the chain by validation, then the test, then what it took."""
    ready = [slug for slug in networks if shelf.has(slug)]
    missing = [slug for slug in networks if slug not in ready]
    mixing = [slug for slug in ready if issubclass(registry.model_class(slug), SequenceRecommender)]
    classic = [slug for slug in registry.names() if registry.model_class(slug).card.family == "classic"]

    asked: Models = {
        **{variant(slug, share): partial(shelf.answering, slug, share) for slug in mixing for share in SHARES},
        **{slug: partial(shelf.answering, slug, 0.0) for slug in ready if slug not in mixing},
        "markov": registry.model_class("markov"),
    }
    tuned = measure(data.catalog, leave_last(data.interactions, "validation"), asked, seed=SEED).trials[0]
    value = {name: metrics[MAIN].value for name, metrics in tuned.models.items()}
    share = {slug: max(SHARES, key=lambda share: value[variant(slug, share)]) for slug in mixing}

    compared: Models = {
        **{slug: partial(shelf.answering, slug, 0.0) for slug in ready},
        **{variant(slug, share[slug]): partial(shelf.answering, slug, share[slug]) for slug in mixing},
        **{slug: registry.model_class(slug) for slug in classic},
    }
    tested = measure(data.catalog, leave_last(data.interactions), compared, seed=SEED).trials[0]
    parts = [
        f"{data.name}, leave-last over the whole catalogue, {tested.people} people. Each network is trained once, with its "
        "defaults, on everybody's ratings but the last two, and asked twice: for the last but one (validation) and for the last (test). "
        "*chain 0.3* is the same network with three tenths of its answer from the first-order chain; when training stopped was judged "
        "with the default share. "
        "Intervals and p as under Quality of each model.",
        "### Validation: how much of the chain\n\nNDCG@10; **bold** is the best of a line, and is what the test is asked with. "
        f"Markov alone: {figure(tuned.models['markov'][MAIN])}.\n\n" + shares(tuned, ready, mixing, share),
        "### Test\n\n" + accuracy(tested),
        verdict(tested, ready, classic),
        "### Training\n\nSeconds of the processor, one thread.\n\n"
        + report.table(["model", "seconds"], [[slug, f"{shelf.seconds(slug):.0f}"] for slug in ready]),
    ]
    if missing:
        parts.append(f"Not trained in this run, and so not in the tables: {', '.join(missing)}.")
    return "\n\n".join(parts)


def variant(slug: str, share: float) -> str:
    """The name of a row."""
    return f"{slug}, chain {share:g}" if share else slug


def shares(tuned: TrialReport, ready: list[str], mixing: list[str], best: dict[str, float]) -> str:
    """A line per network, a column per share."""
    rows = []
    for slug in ready:
        figures = [f"{tuned.models[variant(slug, s)][MAIN].value:.4f}" for s in (SHARES if slug in mixing else (0.0,))]
        if slug in mixing:
            place = SHARES.index(best[slug])
            figures[place] = f"**{figures[place]}**"
        rows.append([slug, *figures, *[""] * (len(SHARES) - len(figures))])
    return report.table(["model", *(f"chain {share:g}" for share in SHARES)], rows)


def verdict(tested: TrialReport, ready: list[str], classic: list[str]) -> str:
    """In words, whether the best sequence model is better than the best classic one by more than luck."""
    order = ordered(tested)
    network, old = (next(name for name in order if (name in classic) == is_classic) for is_classic in (False, True))
    pure = next(name for name in order if name in ready)
    best = order[0]
    against = next((c for c in tested.comparisons if {c.model, c.against} == {network, old}), None)
    words = f"The best sequence model is {network}, the best classic one {old}; without the chain the best is {pure}. "
    if against is None:
        return words + f"{best} is the best of all."
    return words + (
        f"{against.against} is higher than {against.model} by {-against.difference:.4f} ({-against.high:.4f} to {-against.low:.4f}); "
        f"p {chance(against.p)}, {chance(against.p_adjusted)} adjusted for the whole table: "
        + said(against.p, against.p_adjusted)
    )


def chance(p: float) -> str:
    """A p-value, as far as its three decimals go."""
    return f"= {p:.3f}" if p >= 0.0005 else "< 0.001"


def said(p: float, adjusted: float) -> str:
    """What two p-values allow one to say."""
    if adjusted < 0.05:
        return "more than luck, all comparisons of the table counted."
    if p < 0.05:
        return "more than luck as the only question asked, not when all comparisons of the table are counted."
    return "not more than luck could give with so few people."


if __name__ == "__main__":
    main()
