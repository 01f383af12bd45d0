"""The trainings that tell shared networks from networks of one objective, each kept in a file, so that what was stopped goes on."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from recommender.evaluation.objectives import Objectives, summed
from recommender.evaluation.objectives_exam import Exam, Figures
from recommender.evaluation.single_objective import alone
from recommender.models.base import Recommender
from recommender.models.registry import model_class
from recommender.training.objectives import OBJECTIVES

SHARED = "shared"


class Runs:
    """Shared networks and networks of one objective, with the same settings, epochs and seeds, and no validation that would favour one."""

    def __init__(self, exam: Exam, folder: Path, name: str, epochs: int, until: float = math.inf) -> None:
        """Finished ones lie in `folder` under `name`, that of the data. After the monotonic time `until` no training begins."""
        self.exam, self.folder, self.name, self.epochs, self.until = exam, folder, name, epochs, until

    def all(
        self, slugs: Sequence[str], seeds: int, told: Callable[[float], None] = lambda share: None
    ) -> Objectives | None:
        """What they are worth; None while some are missing since the time was up. `told` hears the share that is done."""
        wanted = list(product(slugs, (SHARED, *OBJECTIVES), range(seeds)))
        marks: dict[tuple[str, str, int], Figures] = {}
        for number, (slug, task, seed) in enumerate(wanted):
            told(number / len(wanted))
            mark = self.marks(slug, task, seed)
            if mark is None:
                return None
            marks[slug, task, seed] = mark
        runs = range(seeds)
        return summed(
            self.exam,
            {slug: [marks[slug, SHARED, seed] for seed in runs] for slug in slugs},
            {slug: {task: [marks[slug, task, seed] for seed in runs] for task in OBJECTIVES} for slug in slugs},
            self.epochs,
        )

    def marks(self, slug: str, task: str, seed: int) -> Figures | None:
        """By how much a network was right, trained now if it never was; None when the time is up."""
        file = self.folder / f"{self.name}-{slug}-{task}-{self.epochs}-{seed}.npz"
        if not file.exists():
            if time.monotonic() > self.until:
                return None
            made: type[Recommender] = model_class(slug) if task == SHARED else alone(slug, task)
            config = made.Config.model_validate({"seed": seed, "epochs": self.epochs, "validation_people": 0})
            model = made(config)
            model.fit(self.exam.train, self.exam.catalog)
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(f".{os.getpid()}.part.npz")
            np.savez(part, **self.exam.mark(model))  # type: ignore[arg-type]
            part.replace(file)
        with np.load(file) as kept:
            return {name: kept[name] for name in kept.files}
