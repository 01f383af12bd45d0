"""SASRec and GRU4Rec of RecTools, of RecBole and of this house, on the same ratings, one thread each, in one run.

`python -m tests.benchmarks.peers --folder FOLDER` keeps the peers' environments (some GB) in FOLDER for the next time. What each job
handed in is kept there, too, so a run that was ended goes on; delete FOLDER/jobs to begin anew. With `--data` the quality of
SASRec alone is compared, on other ratings.
"""

from __future__ import annotations

import argparse
import tempfile
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recommender.data.sources import load
from tests.benchmarks import report
from tests.benchmarks.peers.contest import Job, Sequences
from tests.benchmarks.peers.environments import REQUIREMENTS, python_of
from tests.benchmarks.peers.ml_100k import ml_100k
from tests.benchmarks.peers.ranking import NAMES, SEED, Budget, Contest, hand_ins, quality, written

COMMAND = "python -m tests.benchmarks.peers --folder FOLDER"
PEERS = ("rectools", "recbole")
SPEED = (
    ("sasrec", "rectools", 5, True),
    ("sasrec", "recbole", 2, False),
    ("gru4rec", "recbole", 2, False),
)
"""Model, peer, epochs that are timed, and whether the peer learns from the newest window of a history alone, and so do we for it.
RecTools has no GRU4Rec."""
OUR_EPOCHS = 5
LENGTH = 50
TRIES = ((1e-3, None), (1e-3, 0.3), (2e-3, 0.3), (5e-4, None))
ML_100K = Contest(
    Job("", "sasrec", "", length=LENGTH, epochs=100, patience=5),
    {"marquee": Budget(16, 75, TRIES), "rectools": Budget(16, 75, TRIES), "recbole": Budget(2_048, 1_500)},
    "Width 64, 2 blocks, 1 head, length 50, softmax, no chain. RecBole trains once, for up to twenty times as long as the others may each time, "
    "since it makes an example of every prefix; its batch is its default, as many prefixes as about 40 histories. A history is "
    "longer than 50 ratings for more than half of the people: RecTools learns from the newest of them, ours cuts the rest into windows and "
    "learns from those, and RecBole from all prefixes.",
)
OTHERS = Contest(
    Job("", "sasrec", "", length=100, epochs=100, patience=5),
    {"marquee": Budget(64, 900), "rectools": Budget(64, 900)},
    "Width 64, 2 blocks, 1 head, length 100, softmax, no chain; one training each, of 900 s at most. RecTools learns from the newest 100 of each "
    "history, ours cuts the rest into windows and learns from those, too. RecBole has no line: it makes an example of every prefix, which "
    "would take hours here.",
)


def main() -> None:
    """Install, compete, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where environments and jobs are kept; else a temporary one")
    parser.add_argument("--data", type=Path, help="ratings, as for `recommender train`, instead of ml-100k")
    options = parser.parse_args()
    run_in = partial(compete_on, options.data) if options.data else compete
    if options.folder:
        run_in(options.folder.resolve())
    else:
        with tempfile.TemporaryDirectory() as temporary:
            run_in(Path(temporary))


def compete_on(source: Path, folder: Path) -> None:
    """Quality on other ratings."""
    for peer in OTHERS.budgets:
        python_of(peer, folder)
    data = load(source)
    jobs = folder / f"jobs-{data.name}"
    sequences, place = written(data, jobs)
    body = (
        f"{data.name} ({len(data.interactions):,} ratings, {len(sequences)} people, {len(data.catalog):,} movies); one thread each. "
        "Versions, measures and columns as under Beside RecTools and RecBole.\n\n"
        + quality(folder, place, OTHERS, sequences)
    )
    command = f"{COMMAND} --data {source.name}"
    report.write(f"peers-{data.name}", f"Beside RecTools, {data.name}", body, command=command, seed=SEED)


def compete(folder: Path) -> None:
    """All jobs on ml-100k, then the section."""
    for peer in PEERS:
        python_of(peer, folder)
    data = ml_100k(folder)
    jobs = folder / "jobs"
    sequences, place = written(data, jobs)
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
    parts = [
        f"RecBole's ml-100k ({len(data.interactions):,} ratings, {len(sequences)} people, {len(data.catalog):,} movies), which its package "
        "carries. Everybody gets the same sequences, one thread, and the same settings of the memory allocator; time is that of the "
        "processor, since others used the machine as well. "
        + " ".join(f"{NAMES[peer]}: `{' '.join(REQUIREMENTS[peer])}`." for peer in PEERS),
        "### Seconds per epoch\n\n" + speed_table(speeds, sequences),
        "### Quality of SASRec\n\n" + quality(folder, place, ML_100K, sequences),
    ]
    report.write("peers", "Beside RecTools and RecBole", "\n\n".join(parts), command=COMMAND, seed=SEED)


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


if __name__ == "__main__":
    main()
