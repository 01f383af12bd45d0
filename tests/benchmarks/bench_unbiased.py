"""Unbiased learning to rank: what rankers learn from simulated clicks on real people's movies, by click model and strength of the bias."""

from __future__ import annotations

import argparse
import os
import time

from recommender.data.sources import load
from recommender.unbiased.clicks import APPEAL, CLICK_MODELS, PositionBased
from recommender.unbiased.experiment import NAIVE, TITLES, TRUTH, Experiment, Place, run
from recommender.unbiased.world import world_of
from tests.benchmarks import report

ETAS = (0.5, 1.0, 1.5, 2.0)
NAMES = {"position": "position-based clicks", "cascade": "a cascade"}
SHOWN = (2, 3, 5, 10, 20)
"""Places whose propensities are written."""
MORE, MANY, LOW, STRONG = "more", 500_000, 0.001, (1.5, 2.0)
"""A further part: what more lists change where the bias is strong, with propensities clipped lower."""
COMMAND = "python -m tests.benchmarks.bench_unbiased"


ASSUMED = {
    "position": "All corrections assume a propensity of each place that is the same in every list, which is so here.",
    "cascade": "All corrections assume a propensity of each place that is the same in every list, which is not so here: who clicks reads no further.",
}


def body(model: str, found: dict[float, Experiment], sessions: int) -> str:
    """What was found with one click model."""
    one = found[ETAS[0]]
    naive = sum(not each.within(NAIVE) for each in found.values())
    clips = ", ".join(
        f"{each.clicks:,} clicks at η = {eta:g} ({each.clipped['ips_swap']} and {each.clipped['ips_em']} clipped)"
        for eta, each in found.items()
    )
    return "\n\n".join(
        [
            f"Lists of 20 movies that a person of the embedded data rated in the second half of their history, the newest on top with some unrest; {sessions:,} "
            f"lists with each of {one.seeds} seeds; who sees a five-star movie clicks with chance {APPEAL:g}. Rankers are linear in the same features and judged on the true grades of "
            f"{one.judges} other people: NDCG@10, a mean over seeds, bootstrap 95 % over people. ✓ is within the interval of the one that knew the truth, ✗ below it. "
            f"{ASSUMED[model]} The naive ranker falls below in {naive} of {len(found)} settings.",
            quality(found),
            "What each lacks to the one that knew the truth, paired over people, and Kendall's τ of its order with the one that the house shows:",
            behind(found),
            f"{clips}; clipped are propensities below {one.floor:g}, by swaps and by EM, all seeds together. Propensities beside the first place, of the first seed:",
            curves(found),
        ]
    )


def quality(found: dict[float, Experiment]) -> str:
    """NDCG@10 of every way to learn, and how far it lies behind the truth."""
    rows = []
    for way, title in TITLES.items():
        cells = []
        for one in found.values():
            trained = one.trained[way]
            mark = "" if way == TRUTH else " ✓" if one.within(way) else " ✗"
            cells.append(
                f"{figure(trained.ndcg.value)} ({figure(trained.ndcg.low)} to {figure(trained.ndcg.high)}){mark}"
            )
        rows.append([title, *cells])
    return report.table(["trained by", *(f"η = {eta:g}" for eta in found)], rows)


def behind(found: dict[float, Experiment]) -> str:
    """What each lacks to the truth, paired, and whose order it takes over."""
    rows = []
    for way, title in TITLES.items():
        if way == TRUTH:
            rows.append([title, *(f"τ {one.trained[way].agreement.value:+.2f}" for one in found.values())])
            continue
        cells = [
            f"{one.trained[way].behind.value:+.3f} ({one.trained[way].behind.low:+.3f} to {one.trained[way].behind.high:+.3f}), "
            f"τ {one.trained[way].agreement.value:+.2f}"
            for one in found.values()
        ]
        rows.append([title, *cells])
    return report.table(["behind the truth", *(f"η = {eta:g}" for eta in found)], rows)


def curves(found: dict[float, Experiment]) -> str:
    """Propensities of some places, by estimator, of the first seed."""
    names = {"truth": "the truth", "swap": "swaps", "em": "EM", "dla": "DLA", "tower": "position tower"}
    rows = [
        [f"η = {eta:g}, {title}", *(place_of(one.curves[name][place - 1]) for place in SHOWN)]
        for eta, one in found.items()
        for name, title in names.items()
    ]
    return report.table(["propensity", *(f"place {place}" for place in SHOWN)], rows)


def place_of(place: Place) -> str:
    """A propensity with its interval."""
    if place.value is None or place.low is None or place.high is None:
        return "unknown"
    if place.low == place.high:
        return figure(place.value)
    return f"{figure(place.value)} ({figure(place.low)} to {figure(place.high)})"


def figure(value: float) -> str:
    """Three decimals, without the zero before the point."""
    return f"{value:.3f}".replace("0.", ".", 1) if 0 <= value < 1 else f"{value:.3f}"


def main() -> None:
    """Play what is asked for, each part in a section of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=[*NAMES, MORE], default=[*NAMES, MORE])
    parser.add_argument("--sessions", type=int, default=100_000, help="lists shown with each seed")
    parser.add_argument("--seeds", type=int, default=2)
    asked = parser.parse_args()
    dataset = load("embedded")
    world = world_of(dataset.interactions, dataset.catalog)
    for model in (part for part in asked.parts if part in NAMES):
        busy, began = os.getloadavg()[0], time.monotonic()
        found = {eta: run(world, CLICK_MODELS[model](eta), sessions=asked.sessions, seeds=asked.seeds) for eta in ETAS}
        told = body(model, found, asked.sessions)
        spent = f"{time.monotonic() - began:.0f} s in all; load average of the machine before: {busy:.1f}."
        report.write(
            f"unbiased-{model}",
            f"Unbiased learning to rank: {NAMES[model]}",
            f"{told}\n\n{spent}",
            command=COMMAND,
            seed=0,
        )
    if MORE in asked.parts:
        busy, began = os.getloadavg()[0], time.monotonic()
        found = {eta: run(world, PositionBased(eta), sessions=MANY, floor=LOW) for eta in STRONG}
        spent = f"{time.monotonic() - began:.0f} s in all; load average of the machine before: {busy:.1f}."
        report.write(
            "unbiased-more",
            "Unbiased learning to rank: strong bias, more lists",
            "\n\n".join(
                [
                    f"The same position-based clicks with {MANY:,} lists and propensities clipped below {LOW:g} only: what corrections by weights lack under a strong "
                    f"bias are clicks, and what clipping lets back in. {', '.join(f'{one.clicks:,} clicks at η = {eta:g}' for eta, one in found.items())}.",
                    quality(found),
                    behind(found),
                    spent,
                ]
            ),
            command=COMMAND,
            seed=0,
        )


if __name__ == "__main__":
    main()
