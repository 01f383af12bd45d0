"""The contest of likes and dislikes: rows, who tries what, and what each contestant handed in, kept in a folder so that a run that was ended goes on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.data.dataset import Dataset
from recommender.features.items import features
from recommender.training.interaction import FEWEST
from tests.benchmarks.peers.ctr import Job, Rows, by_time, drawn
from tests.benchmarks.peers.environments import run
from tests.benchmarks.peers.with_marquee_ctr import dataset

SEED = 0
DRAWS = (0, 1, 2)
SPLITS = (*(f"random-{seed}" for seed in DRAWS), "time")
Settings = dict[str, float]
TRIES: dict[str, tuple[Settings, ...]] = {
    "marquee": (
        {"learning_rate": 2e-3},
        {"learning_rate": 1e-2},
        {"learning_rate": 2e-3, "weight_decay": 1.0},
        {"learning_rate": 1e-2, "weight_decay": 0.2},
    ),
    "recbole": (
        {"learning_rate": 1e-3},
        {"learning_rate": 5e-3},
        {"learning_rate": 1e-3, "weight_decay": 1e-4},
        {"learning_rate": 5e-3, "weight_decay": 1e-4},
    ),
}
"""The validation rows of the first random split choose one per model, which the other splits keep. Ours decays weights apart from the gradient, a
share learning_rate * weight_decay per step; RecBole's adds weight_decay times the weights to the gradient."""

HandedIn = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Contest:
    """One data set and where everything of it lies."""

    name: str
    folder: Path

    @property
    def source(self) -> str:
        """As our contestant is told it."""
        return self.name if self.name == "embedded" else str(self.folder)

    @property
    def jobs(self) -> Path:
        """Where rows, jobs and answers are kept."""
        return self.folder / "jobs-ctr"

    def rows(self, split: str) -> Rows:
        """The rows of a split, written down the first time."""
        if not (path := self.jobs / f"{self.name}-{split}.npz").exists():
            self.jobs.mkdir(exist_ok=True)
            data = dataset(self.source)
            kind, _, seed = split.partition("-")
            part = by_time(data.interactions.timestamp) if kind == "time" else drawn(len(data.interactions), int(seed))
            rows_of(data, part).write(path)
        return Rows.read(path)

    def answer(self, peer: str, model: str, split: str, settings: Settings) -> Path:
        """Where it is kept."""
        name = "-".join([self.name, split, model, peer, *(f"{value:g}" for value in settings.values())])
        return self.jobs / f"{name}.npz"

    def handed_in(self, peer: str, model: str, split: str, settings: Settings) -> HandedIn:
        """What a contestant hands in, now or at an earlier time."""
        out = self.answer(peer, model, split, settings)
        if not out.exists():
            self.rows(split)
            told, part = out.with_suffix(".json"), out.with_suffix(".part.npz")
            data = self.jobs / f"{self.name}-{split}.npz"
            Job(str(data), self.source, model, str(part), dict(settings), seed=SEED).write(told)
            run(peer, self.folder, told, "_ctr")
            part.rename(out)
            print(f"{out.stem}: done", flush=True)
        with np.load(out) as found:
            return dict(found)

    def chosen(self, peer: str, model: str) -> Settings:
        """One of TRIES."""
        return max(TRIES[peer], key=lambda each: float(self.handed_in(peer, model, SPLITS[0], each)["gains"].max()))


def rows_of(data: Dataset, part: NDArray[np.int64]) -> Rows:
    """Ratings and features as the contestants read them; values that one movie alone has are left out."""
    log, names, known = data.interactions, [], []
    for feature in features(data.catalog):
        shared = feature.matrix.tocsc()[:, feature.matrix.sum(axis=0) >= FEWEST].tocoo()
        if shared.nnz:
            known.append(np.stack([shared.row, np.full(shared.nnz, len(names)), shared.col], axis=1))
            names.append(feature.name)
    return Rows(
        log.user.astype(np.int64),
        log.item.astype(np.int64),
        log.rating,
        log.timestamp,
        part,
        len(data.catalog),
        np.array(names),
        np.concatenate(known).astype(np.int64),
    )
