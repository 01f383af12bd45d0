"""Our contestant: `python -m tests.benchmarks.peers.with_marquee JOB.json`."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from functools import partial
from unittest.mock import patch

import numpy as np
import polars as pl
import torch

from recommender.data import Catalog, Histories, Interactions
from recommender.models import registry
from recommender.models.base import Recommender
from recommender.training import recommender
from recommender.training.next_items import NextItems
from recommender.training.run import running
from recommender.training.validation import Held
from tests.benchmarks.peers.contest import Job, Sequences, Stage, hand_in, lists_of

DEPTH = {"sasrec": "blocks", "gru4rec": "layers"}
"""What our models that read the order call their layers."""
PASSES = {"recvae": 4}
"""Epochs of ours that the others count as one: three of the encoder and one of the decoder."""


def histories(sequences: Sequences, stage: Stage) -> Histories:
    """What is shown at a stage. All five stars: what counts is the order alone."""
    return Histories.of([(items, np.full(len(items), 5.0), np.arange(len(items))) for items in sequences.shown(stage)])


class Stopwatch:
    """Seconds and validation NDCG@10 of every epoch, from what the training tells as it goes."""

    def __init__(self, epochs: int) -> None:
        self._epochs, self._began = epochs, time.process_time()
        self._done = 0
        self.seconds: list[float] = []
        self.gains: dict[int, float] = {}

    def __call__(self, step: int, total: int, metrics: Mapping[str, float]) -> None:
        """The progress callable of the fit."""
        per_epoch = total // self._epochs
        if step % per_epoch or not step:
            return
        if step // per_epoch == self._done + 1:
            self._done, now = self._done + 1, time.process_time()
            self.seconds.append(now - self._began)
            self._began = now
        if "ndcg@10" in metrics and step // per_epoch == self._done:
            self.gains[self._done] = metrics["ndcg@10"]


def contestant(job: Job, epochs: int) -> Recommender:
    """Our model with the numbers of the job; without the chain, which the others do not have."""
    cls = registry.model_class(job.model)
    settings = {
        "dim": job.dim,
        "batch_size": job.batch,
        "dropout": job.dropout,
        "learning_rate": job.learning_rate,
        "epochs": epochs * PASSES.get(job.model, 1),
        "patience": job.patience * PASSES.get(job.model, 1),
        "seed": job.seed,
    }
    if job.model in DEPTH:
        settings |= {DEPTH[job.model]: job.layers, "max_length": job.length, "chain": 0.0}
    model = cls(cls.Config.model_validate(settings))
    if job.newest_only:
        model.examples = partial(newest, job.length)  # type: ignore[attr-defined]
    return model


def newest(length: int, histories: Histories, n_items: int) -> NextItems:
    """The newest window of each history alone."""
    return NextItems(histories, length, n_items, last_only=True)


def main() -> None:
    """Train and hand in. Validation is that of the contest, not a part of the training ratings as usual."""
    torch.set_num_threads(1)
    job = Job.read(sys.argv[1])
    sequences = Sequences.read(job.data)
    shown = histories(sequences, "validation")
    learned = Interactions.from_columns(shown.rows, shown.items, shown.ratings, shown.timestamps)
    catalog = Catalog.from_frame(
        pl.DataFrame({"movie_id": np.arange(sequences.n_items)}).with_columns(title=pl.format("Movie {}", "movie_id"))
    )
    held = Held(shown, sequences.hidden("validation").astype(np.int32)) if job.ranked else None

    def trained(epochs: int) -> tuple[Recommender, Stopwatch]:
        """Fitted for so many epochs at most, and what was told of them."""
        model, watch = contestant(job, epochs), Stopwatch(epochs)
        with (
            running(device="cpu"),
            patch.object(recommender, "hold_out", lambda histories, people, seed: (histories, held)),
        ):
            return model.fit(learned, catalog, watch), watch

    epochs = job.epochs
    if job.ranked:  # our training stops after epochs, not after seconds: one is tried, to tell how many there may be
        epochs = min(epochs, max(1, int(job.seconds / trained(1)[1].seconds[0])))
    model, watch = trained(epochs)
    asked = histories(sequences, "test")
    scores = np.concatenate(
        [model.score(asked.select(np.arange(a, min(a + 256, len(asked))))) for a in range(0, len(asked), 256)]
    )
    hand_in(
        job,
        watch.seconds,
        list(watch.gains.values()),
        lists_of(scores, sequences.shown("test")),
    )


if __name__ == "__main__":
    main()
