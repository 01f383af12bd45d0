"""Shared networks against networks of one objective: measured once on the house's data, by a process of its own, and kept.

`python -m app.objective_trials` measures at any time; what was stopped goes on.
"""

from __future__ import annotations

import sys
import zlib
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from app import aside
from app.resources import house
from app.settings import Settings
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.errors import MarqueeError
from recommender.evaluation.objective_runs import Runs
from recommender.evaluation.objectives import Objectives
from recommender.evaluation.objectives_exam import SWEEP, Exam
from recommender.evaluation.single_objective import able

__all__ = ["COMMAND", "Objectives", "begin", "found", "progress"]

EPOCHS, SEEDS = 6, 1
"""Of each training: enough to compare shared and single networks trained alike, and done in about a quarter of an hour."""
COMMAND = "python -m app.objective_trials"

errands = aside.Errands(__name__)


def file_of(dataset: Dataset, room: Path) -> Path:
    """Where the figures are kept; other models or rules have other figures."""
    rules = zlib.crc32(repr((EPOCHS, SEEDS, SWEEP, able())).encode())
    return room / "objectives" / f"{dataset.fingerprint}-{rules:08x}.json"


def found() -> Objectives | None:
    """What was measured; None while nothing was."""
    file = _file()
    return _read(file, file.stat().st_mtime_ns) if file.exists() else None


@lru_cache(maxsize=2)
def _read(file: Path, changed: int) -> Objectives | None:
    try:
        return Objectives.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def begin() -> None:
    """Let it be measured, unless it is already."""
    errands.begin()


def progress() -> tuple[float, str | None]:
    """Which share is done, 0..1, and why it ended without a result, if it did."""
    return aside.told(_file())


def running() -> bool:
    """Whether it is being measured by this house."""
    return errands.running is not None and errands.running.poll() is None


def _file() -> Path:
    return file_of(house().dataset, house().settings.room)


def main() -> int:
    """Measure on the data set that the settings name, if it was not."""
    settings = Settings()
    dataset = load(settings.data)
    file = file_of(dataset, settings.room)
    if file.exists():
        return 0
    aside.tell(file, 0.0)
    try:
        exam = Exam(dataset.interactions, dataset.catalog)
        runs = Runs(exam, file.parent / "runs", dataset.fingerprint, EPOCHS)
        measured = runs.all(able(), SEEDS, lambda share: aside.tell(file, share))
    except MarqueeError as error:
        aside.tell(file, 0.0, str(error))
        return 1
    if measured is not None:
        aside.finish(file, measured.model_dump_json())
    return 0


if __name__ == "__main__":
    aside.step_aside()
    sys.exit(main())
