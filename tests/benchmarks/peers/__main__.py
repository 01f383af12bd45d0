"""SASRec and GRU4Rec of RecTools, of RecBole and of this house, on the same ratings, one thread each, in one run.

`python -m tests.benchmarks.peers --folder FOLDER` keeps the peers' environments (some GB) in FOLDER for the next time. What each job
handed in is kept there, too, so a run that was ended goes on; delete FOLDER/jobs to begin anew.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recommender.data.dataset import Dataset
from recommender.data.sources import assemble
from recommender.evaluation import intervals
from recommender.evaluation.comparison import sign_flip
from tests.benchmarks import report
from tests.benchmarks.peers.contest import Job, Sequences, ndcg
from tests.benchmarks.peers.environments import REQUIREMENTS, python_of, run

SEED = 0
COMMAND = "python -m tests.benchmarks.peers --folder FOLDER"
RATINGS = "recbole/dataset_example/ml-100k/ml-100k.inter"
NAMES = {"marquee": "Marquee", "rectools": "RecTools 0.19.0", "recbole": "RecBole 1.2.1"}
SPEED = (
    ("sasrec", "rectools", 5, True),
    ("sasrec", "recbole", 2, False),
    ("gru4rec", "recbole", 2, False),
)
"""Model, peer, epochs that are timed, and whether the peer learns from the newest window of a history alone, and so do we for it.
RecTools has no GRU4Rec."""
OUR_EPOCHS = 5
LENGTH = 50


@dataclass(frozen=True)
class Budget:
    """What a contestant may try: one training per learning rate, each with the same seconds of the processor."""

    learning_rates: tuple[float, ...]
    batch: int
    seconds: float


BUDGETS = {"marquee": Budget((1e-3,), 16, 75), "rectools": Budget((1e-3,), 16, 75)}
"""The same for each. RecBole has none: one epoch of its SASRec takes longer than this."""


def main() -> None:
    """Install, compete, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where environments and jobs are kept; else a temporary one")
    folder = parser.parse_args().folder
    if folder:
        compete(folder.resolve())
    else:
        with tempfile.TemporaryDirectory() as temporary:
            compete(Path(temporary))


def compete(folder: Path) -> None:
    """All jobs, then the section."""
    for peer in REQUIREMENTS:
        python_of(peer, folder)
    (folder / "jobs").mkdir(exist_ok=True)
    data = ml_100k(folder)
    sequences = Sequences(data.interactions.item.astype(np.int64), data.interactions.offsets, len(data.catalog))
    place = folder / "jobs" / "sequences.npz"
    sequences.write(place)
    speeds = [
        (
            model,
            peer,
            newest,
            timed(folder, place, model, peer, epochs),
            timed(folder, place, model, "marquee", OUR_EPOCHS, newest),
        )
        for model, peer, epochs, newest in SPEED
    ]
    trials = {
        (peer, rate): hand_ins(
            folder,
            peer,
            f"quality-{peer}-{rate:g}",
            Job(
                str(place),
                "sasrec",
                "",
                length=LENGTH,
                batch=budget.batch,
                learning_rate=rate,
                epochs=100,
                patience=5,
                seconds=budget.seconds,
            ),
        )
        for peer, budget in BUDGETS.items()
        for rate in budget.learning_rates
    }
    parts = [
        f"RecBole's ml-100k ({len(data.interactions):,} ratings, {len(sequences)} people, {len(data.catalog):,} movies), which its package "
        "carries. Everybody gets the same sequences, one thread, and the same settings of the memory allocator; time is that of the "
        "processor, since others used the machine as well. "
        + " ".join(f"{NAMES[peer]}: `{' '.join(packages)}`." for peer, packages in REQUIREMENTS.items()),
        "### Seconds per epoch\n\n" + speed_table(speeds, sequences),
        "### Quality of SASRec\n\n" + quality(trials, sequences),
    ]
    report.write("peers", "Beside RecTools and RecBole", "\n\n".join(parts), command=COMMAND, seed=SEED)


def ml_100k(folder: Path) -> Dataset:
    """The ratings in RecBole's package; of one second those come first that stand first in its file."""
    file = next((folder / "recbole" / "lib").glob(f"*/site-packages/{RATINGS}"))
    table = pl.read_csv(file, separator="\t")
    table.columns = [column.partition(":")[0] for column in table.columns]
    return assemble("ml-100k", table.rename({"item_id": "movie_id"}), None)


def hand_ins(folder: Path, peer: str, name: str, job: Job) -> dict[str, NDArray[np.float64]]:
    """What a contestant hands in, now or at an earlier time."""
    told, out = folder / "jobs" / f"{name}.json", folder / "jobs" / f"{name}.npz"
    if not out.exists():
        Job(**asdict(job) | {"out": str(out.with_suffix(".part.npz"))}).write(told)
        run(peer, folder, told)
        out.with_suffix(".part.npz").rename(out)
        print(f"{name}: done", flush=True)
    with np.load(out) as found:
        return dict(found)


def timed(
    folder: Path, data: Path, model: Literal["sasrec", "gru4rec"], peer: str, epochs: int, newest: bool = False
) -> NDArray[np.float64]:
    """Seconds of each epoch."""
    layers = 2 if model == "sasrec" else 1
    job = Job(str(data), model, "", layers=layers, length=LENGTH, epochs=epochs, ranked=False, newest_only=newest)
    return hand_ins(folder, peer, f"speed-{model}-{peer}{'-newest' if newest else ''}", job)["seconds"]


def speed_table(
    speeds: list[tuple[str, str, bool, NDArray[np.float64], NDArray[np.float64]]], sequences: Sequences
) -> str:
    """Median seconds of theirs and ours, and the ratio."""
    targets = np.diff(sequences.offsets) - 3
    rows = []
    for model, peer, newest, theirs, own in speeds:
        rows.append(
            [
                f"{'SASRec' if model == 'sasrec' else 'GRU4Rec'}, {NAMES[peer]}",
                f"{int(np.minimum(targets, LENGTH).sum() if newest else targets.sum()):,}",
                *(f"{np.median(each):.1f} ({each.min():.1f}-{each.max():.1f}, {len(each)})" for each in (theirs, own)),
                f"{np.median(theirs) / np.median(own):.1f}",
            ]
        )
    return (
        report.table(["model", "targets", "theirs: seconds per epoch", "ours", "ratio"], rows)
        + f"\n\nWidth 64, length {LENGTH}, batch 128, softmax over the whole catalogue; SASRec of 2 blocks with 1 head, GRU4Rec of 1 layer. "
        "Median; in parentheses least, most, and how many epochs. A line compares epochs with the same targets: RecTools learns from the "
        "newest window of each history alone, and in its line ours does, too; otherwise ours learns from all windows, and RecBole from "
        "every prefix. An example of RecBole is a prefix with one target, of RecTools and of ours a window with a target at every "
        "rating, so a batch of 128 is many times more work there, and the steps fewer; with larger batches, 2,048 by default, RecBole is faster than here. "
        "The longest epoch of ours is the first, which includes making the network. RecTools has no GRU4Rec."
    )


def quality(trials: dict[tuple[str, float], dict[str, NDArray[np.float64]]], sequences: Sequences) -> str:
    """The trial that validation chose of each, on the test items."""
    hidden, draws = sequences.hidden("test"), intervals.resamples(len(sequences), SEED)
    best = {
        peer: max((rate for each, rate in trials if each == peer), key=lambda rate: trials[peer, rate]["gains"].max())
        for peer in BUDGETS
    }
    gains = {peer: ndcg(trials[peer, rate]["lists"], hidden) for peer, rate in best.items()}
    others = [peer for peer in gains if peer != "marquee"]
    p = sign_flip(np.stack([gains[peer] - gains["marquee"] for peer in others], axis=1), SEED)
    rows = []
    for peer, rate in best.items():
        chosen = trials[peer, rate]
        mean, hits = intervals.mean(gains[peer], draws), intervals.mean((gains[peer] > 0).astype(float), draws)
        assert mean
        assert hits
        rows.append(
            [
                NAMES[peer],
                f"{rate:g}",
                f"{len(chosen['gains'])} ({int(chosen['gains'].argmax()) + 1})",
                f"{chosen['gains'].max():.3f}",
                f"{mean.value:.3f} ({mean.low:.3f}-{mean.high:.3f})",
                f"{hits.value:.3f} ({hits.low:.3f}-{hits.high:.3f})",
                f"{max(p[others.index(peer)], 1e-3):.3f}" if peer in others else "",
            ]
        )
    reached = {trial: f"{handed['gains'].max():.3f}" for trial, handed in trials.items()}
    tried = " ".join(
        f"{NAMES[peer]}: {len(budget.learning_rates)} of {budget.seconds:.0f} s at most, batch {budget.batch}, learning rate "
        f"{' or '.join(f'{rate:g}' for rate in budget.learning_rates)} (validation "
        f"{', '.join(reached[peer, rate] for rate in budget.learning_rates)})."
        for peer, budget in BUDGETS.items()
    )
    return (
        report.table(
            [
                "SASRec of",
                "learning rate",
                "epochs (best)",
                "validation NDCG@10",
                "test NDCG@10",
                "test HR@10",
                "p against ours",
            ],
            rows,
        )
        + "\n\nLeave-last over the whole catalogue without what a person has seen; everybody's last but one chooses epoch and learning rate "
        "(stopped after 5 epochs without a better one), the last is the test. The figures are worked out by the same code from everybody's lists. "
        f"Width 64, 2 blocks, 1 head, length {LENGTH}, dropout 0.2, softmax, no chain. Trainings: {tried} The budget is the same in seconds of "
        "the processor, not in epochs. A history is longer than 50 ratings for more than half of the people: RecTools learns from the newest "
        "of them, ours cuts the rest into windows and learns from those, too, which may be most of the difference; it was not taken apart. "
        "RecBole has no line: one epoch of its SASRec takes longer than the whole budget, so this run says nothing of its quality. "
        "In parentheses bootstrap 95 % intervals over people; p is that of a paired randomisation test, written as 0.001 where it is less."
    )


if __name__ == "__main__":
    main()
