"""A training in a process of its own, to be killed: python -m tests.training.worker FOLDER OUT LINGER.

Prints every step; with LINGER 1 it writes a checkpoint at each step and waits a little, so that it can be killed at a certain one.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from safetensors.numpy import save_file

from recommender.training import loop
from recommender.training.run import running
from tests.training.worlds import LastItem, config, world


def main(folder: str, out: str, linger: str) -> None:
    """Train and write what was learned to OUT ({rank} stands for the process's number)."""
    if linger == "1":
        loop.TICK_SECONDS = loop.CHECKPOINT_SECONDS = 0.0

    def say(step: int, total: int, metrics: Mapping[str, float]) -> None:
        print(step, flush=True)
        if linger == "1":
            time.sleep(0.05)

    with running(device="cpu", folder=Path(folder)):
        model = LastItem(config(epochs=8, batch_size=8)).fit(*world(), say)
    save_file(model.state(), out.replace("{rank}", os.environ.get("RANK", "0")))


if __name__ == "__main__":
    main(*sys.argv[1:])
