"""MultVAE and RecVAE of RecBole and of this house, on the same ratings, one thread each, in one run.

`python -m tests.benchmarks.peers.autoencoders --folder FOLDER`; the folder is the one of `python -m tests.benchmarks.peers`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.benchmarks import report
from tests.benchmarks.peers.contest import Job, Model
from tests.benchmarks.peers.environments import REQUIREMENTS, python_of
from tests.benchmarks.peers.ml_100k import ml_100k
from tests.benchmarks.peers.ranking import SEED, Budget, Contest, quality, written

COMMAND = "python -m tests.benchmarks.peers.autoencoders --folder FOLDER"
SAME = (
    "Width of the taste 200, of the other layers 600, dropout 0.5, batch 64, learning rate 0.001; the weight of the divergence grows to 0.2 in 300 "
    "steps (MultVAE) or is 0.005 per rating (RecVAE). Every rating counts as watched, for both. A round of RecVAE is three passes of the encoder and one of the decoder. "
    "RecBole draws the taste with a hundredth of the deviation that the papers have (std=0.01 in its code)."
)


def contest(model: Model) -> Contest:
    """The same numbers and budget for both."""
    job = Job("", model, "", dim=200, dropout=0.5, epochs=300, patience=20)
    return Contest(job, {peer: Budget(64, 400) for peer in ("marquee", "recbole")}, SAME, seeds=(0, 1, 2))


def main() -> None:
    """Install, compete, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where environments and jobs are kept")
    folder = parser.parse_args().folder.resolve()
    python_of("recbole", folder)
    data = ml_100k(folder)
    sequences, place = written(data, folder / "jobs")
    parts = [
        f"RecBole's ml-100k ({len(data.interactions):,} ratings, {len(sequences)} people, {len(data.catalog):,} movies), one thread each. "
        f"RecBole 1.2.1: `{' '.join(REQUIREMENTS['recbole'])}`.",
        "### MultVAE\n\n" + quality(folder, place, contest("multvae"), sequences),
        "### RecVAE\n\n" + quality(folder, place, contest("recvae"), sequences),
    ]
    report.write("peers-autoencoders", "Autoencoders beside RecBole's", "\n\n".join(parts), command=COMMAND, seed=SEED)


if __name__ == "__main__":
    main()
