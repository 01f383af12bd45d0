"""Rankers that learn from simulated clicks: each click model and strength of the bias is played once, by a process of its own, and kept.

`python -m app.position_trials position 1` plays one at any time, so that nobody waits.
"""

from __future__ import annotations

import argparse
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
from recommender.unbiased.clicks import CLICK_MODELS, looked_at
from recommender.unbiased.experiment import NAIVE, TITLES, TRUTH, Experiment, run
from recommender.unbiased.propensity import FLOOR
from recommender.unbiased.ranker import EPOCHS
from recommender.unbiased.world import world_of

__all__ = [
    "DEFAULT_ETA",
    "ETAS",
    "MODELS",
    "NAIVE",
    "TITLES",
    "TRUTH",
    "Experiment",
    "begin",
    "found",
    "looked_at",
    "progress",
]

SESSIONS = 100_000
"""Lists that are shown in one trial."""
MODELS = {"position": "By place", "cascade": "From the top down"}
"""Click models, for people."""
ETAS = (0.0, 0.5, 1.0, 1.5, 2.0)
DEFAULT_ETA = 1.0

errands = aside.Errands(__name__)


def file_of(dataset: Dataset, room: Path, model: str, eta: float) -> Path:
    """Where a trial is kept."""
    rules = zlib.crc32(repr((SESSIONS, EPOCHS, FLOOR, sorted(TITLES))).encode())
    return room / "positions" / f"{dataset.fingerprint}-{rules:08x}-{model}-{eta:g}.json"


def found(model: str, eta: float) -> Experiment | None:
    """What a trial found; None while it was not played."""
    file = _file(model, eta)
    return _read(file, file.stat().st_mtime_ns) if file.exists() else None


@lru_cache(maxsize=2 * len(MODELS) * len(ETAS))
def _read(file: Path, changed: int) -> Experiment | None:
    try:
        return Experiment.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def begin(model: str, eta: float) -> None:
    """Let it be played, unless another one is, or it was told why it cannot be."""
    if progress(model, eta)[1] is None:
        errands.begin(model, f"{eta:g}")


def progress(model: str, eta: float) -> tuple[float, str | None]:
    """Which share is done, 0..1, and why it ended without a result, if it did."""
    return aside.told(_file(model, eta))


def _file(model: str, eta: float) -> Path:
    return file_of(house().dataset, house().settings.room, model, eta)


def main(model: str, eta: float) -> int:
    """Play one on the data set that the settings name, if it was not."""
    settings = Settings()
    dataset = load(settings.data)
    file = file_of(dataset, settings.room, model, eta)
    if file.exists():
        return 0
    aside.tell(file, 0.0)
    try:
        world = world_of(dataset.interactions, dataset.catalog)
        played = run(world, CLICK_MODELS[model](eta), sessions=SESSIONS, told=lambda share: aside.tell(file, share))
    except MarqueeError as error:
        aside.tell(file, 0.0, str(error))
        return 1
    aside.finish(file, played.model_dump_json())
    return 0


if __name__ == "__main__":
    aside.step_aside()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=CLICK_MODELS)
    parser.add_argument("eta", type=float, choices=ETAS)
    asked = parser.parse_args()
    sys.exit(main(asked.model, asked.eta))
