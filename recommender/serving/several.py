"""Several models trained at the same time, each in a process of its own with its share of the cores.

Networks of this size keep one core busy and let a second one wait for it: two of them side by side are done long before
one after the other with two threads each.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing import parent_process
from multiprocessing.managers import SyncManager
from queue import Queue
from threading import Thread
from typing import Any

import torch
from joblib import Parallel, cpu_count, delayed, parallel_config

from recommender.data.dataset import Dataset
from recommender.features.config import TextConfig
from recommender.models.registry import model_class
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.serving.training import train
from recommender.training.run import Device

MOST = 4
"""Models at the same time unless one asks for more: each holds the data, and what it learns, in memory of its own."""
TELLS_EVERY_SECONDS = 0.2

Watch = Callable[[str, int, int, Mapping[str, float]], None]
"""Told (slug, step, total, metrics)."""
Told = tuple[str, int, int, dict[str, float]]


def at_once(models: int, jobs: int | None, device: Device) -> int:
    """How many of so many models train at the same time: `jobs`, or one per core up to `MOST`; one after the other on a GPU and under torchrun."""
    if "WORLD_SIZE" in os.environ or (device != "cpu" and torch.cuda.is_available()):
        return 1
    return min(models, jobs or min(cpu_count(), MOST))


def train_several(
    slugs: Sequence[str],
    dataset: Dataset,
    store: ArtifactStore,
    settings: Mapping[str, Any],
    jobs: int,
    watch: Watch,
    device: Device = "auto",
) -> Iterator[Version]:
    """`train` each, `jobs` at a time; versions as they are published. `watch` is called from another thread.

    The first model that fails ends the others, and its error is raised here; what was published stays, and a training that was
    ended goes on when it is asked for again.
    """
    threads = max(1, cpu_count() // jobs)
    # A worker that has grown with its models is replaced by a fresh one, as it should be.
    warnings.filterwarnings("ignore", "A worker stopped while some jobs were given", UserWarning)
    manager = SyncManager()
    manager.start(_end_with_parent)
    with manager, parallel_config("loky", n_jobs=jobs, inner_max_num_threads=threads):
        told: Queue[Told | None] = manager.Queue()
        ear = Thread(target=_listen, args=(told, watch), daemon=True)
        ear.start()
        work = delayed(_train)
        try:
            yield from Parallel(return_as="generator_unordered", pre_dispatch=jobs)(
                work(slug, dataset, store, dict(settings), device, told, os.getpid()) for slug in texts_apart(slugs)
            )
        finally:
            told.put(None)
            ear.join()


def texts_apart(slugs: Sequence[str]) -> list[str]:
    """One model that reads texts first and the others last: they find in the cache what two side by side would each work out."""
    reading = [slug for slug in slugs if issubclass(model_class(slug).Config, TextConfig)]
    return [*reading[:1], *(slug for slug in slugs if slug not in reading), *reading[1:]]


def _train(
    slug: str, dataset: Dataset, store: ArtifactStore, settings: dict[str, Any], device: Device, told: Any, boss: int
) -> Version:
    """In a process of its own."""
    last = 0.0

    def tell(step: int, total: int, metrics: Mapping[str, float]) -> None:
        nonlocal last
        if os.getppid() != boss:
            os._exit(1)  # nobody waits for us any more, and whoever asks again would train the same beside us
        if step == total or time.monotonic() - last > TELLS_EVERY_SECONDS:
            last = time.monotonic()
            told.put((slug, step, total, dict(metrics)))

    return train(slug, dataset, store, settings, tell, device)


def _end_with_parent() -> None:
    """In the manager's process, which would outlive a parent that is killed."""
    parent = parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(0)

    Thread(target=wait, daemon=True).start()


def _listen(told: Queue[Told | None], watch: Watch) -> None:
    while (said := told.get()) is not None:
        watch(*said)
