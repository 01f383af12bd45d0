"""RecTools' contestant; runs in its own environment: `python -m tests.benchmarks.peers.with_rectools JOB.json`."""

from __future__ import annotations

import sys
import time
import warnings
from typing import Any

import numpy as np
import pandas as pd
import torch
from pytorch_lightning import Callback, Trainer, seed_everything
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import SASRecModel

from tests.benchmarks.peers.contest import LISTED, Job, Sequences, Stage, compete

warnings.filterwarnings("ignore")


class Stopwatch(Callback):
    """Seconds of the last epoch, without what stands around it."""

    seconds = 0.0

    def on_train_epoch_start(self, trainer: Any, pl_module: Any) -> None:
        self._began = time.process_time()

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        Stopwatch.seconds = time.process_time() - self._began


def trainer() -> Trainer:
    """RecTools' own, and the stopwatch; no progress bar, so that none is paid for."""
    return Trainer(
        max_epochs=1,
        accelerator="cpu",
        devices=1,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[Stopwatch()],
    )


def dataset(sequences: Sequences, stage: Stage) -> Dataset:
    """Interactions shown at a stage; a day per place in the sequence keeps the order."""
    shown = sequences.shown(stage)
    lengths = [len(items) for items in shown]
    place = np.concatenate([np.arange(length) for length in lengths])
    return Dataset.construct(
        pd.DataFrame(
            {
                Columns.User: np.repeat(np.arange(len(shown)), lengths),
                Columns.Item: np.concatenate(shown),
                Columns.Weight: 1.0,
                Columns.Datetime: pd.Timestamp("2000-01-01") + pd.to_timedelta(place, unit="D"),
            }
        )
    )


def main() -> None:
    """Train and hand in."""
    torch.set_num_threads(1)
    job = Job.read(sys.argv[1])
    seed_everything(job.seed)
    sequences = Sequences.read(job.data)
    sets = {stage: dataset(sequences, stage) for stage in ("validation", "test")}
    model = SASRecModel(
        n_blocks=job.layers,
        n_heads=1,
        n_factors=job.dim,
        session_max_len=job.length,
        dropout_rate=job.dropout,
        loss="softmax",
        lr=job.learning_rate,
        batch_size=job.batch,
        recommend_torch_device="cpu",
        get_trainer_func=trainer,
    )

    def epoch() -> float:
        model.fit_partial(sets["validation"], min_epochs=1, max_epochs=1)
        return Stopwatch.seconds

    def answer(stage: Stage) -> np.ndarray:
        people = np.arange(len(sequences))
        found = model.recommend(people, sets[stage], k=LISTED, filter_viewed=True, on_unsupported_targets="ignore")
        lists = np.full((len(people), LISTED), -1, np.int64)
        lists[found[Columns.User].to_numpy(int), found[Columns.Rank].to_numpy(int) - 1] = found[Columns.Item]
        return lists

    compete(job, epoch, answer)


if __name__ == "__main__":
    main()
