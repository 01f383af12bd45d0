"""The regret of every policy on this house's data: worked out once, by a process of its own at low priority, and read by everybody.

`python -m app.regret` does it at any time, so that nobody waits.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import zlib
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread

from pydantic import ValidationError

from app.resources import house
from app.settings import Settings
from app.worker import environment
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.errors import MarqueeError
from recommender.exploration import POLICIES, EpsilonGreedy, LinUCB, Policy
from recommender.exploration.regret import OPENING, Regrets, held_out, simulate
from recommender.exploration.vectors import own_vectors
from recommender.models import registry

__all__ = ["CERTAIN", "GREEDY", "NAMES", "OPENING", "RANDOM", "Regrets", "begin", "progress", "regrets"]

log = logging.getLogger("marquee")

MODEL = "ials"
"""Quick to train, and with vectors of its own."""
GREEDY, CERTAIN, RANDOM = "greedy", "certain", "random"
PLAYED: dict[str, Policy] = {
    GREEDY: EpsilonGreedy(0.0),
    CERTAIN: LinUCB(0.0),
    **POLICIES,
    RANDOM: EpsilonGreedy(1.0),
}
NAMES = {
    GREEDY: "The model alone",
    CERTAIN: "No curiosity",
    **{name: policy.title for name, policy in POLICIES.items()},
    RANDOM: "Chance",
}
"""For people. `CERTAIN` is the belief of LinUCB and Thompson sampling, taken at its word."""

_at_it: subprocess.Popen[bytes] | None = None
_door = Lock()


def file_of(dataset: Dataset, room: Path) -> Path:
    """Where the figures of these data and policies are kept."""
    rules = zlib.crc32(repr(sorted(PLAYED.items())).encode())
    return room / "regret" / f"{dataset.fingerprint}-{rules:08x}.json"


def regrets() -> Regrets | None:
    """What was found; None while nothing was."""
    found = file_of(house().dataset, house().settings.room)
    return _read(found, found.stat().st_mtime_ns) if found.exists() else None


@lru_cache(maxsize=2)
def _read(found: Path, changed: int) -> Regrets | None:
    try:
        return Regrets.model_validate_json(found.read_bytes())
    except (OSError, ValidationError):
        return None


def begin() -> None:
    """Let it be worked out, unless somebody is at it, or has told since this house was opened why it cannot be."""
    global _at_it
    with _door:
        if _at_it is not None and (_at_it.poll() is None or progress()[1] is not None):
            return
        _note(file_of(house().dataset, house().settings.room)).unlink(missing_ok=True)  # of one that was stopped
        # It ends when its standard input does, and so with this process.
        _at_it = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )


def progress() -> tuple[float, str | None]:
    """Which share is done, 0..1, and why it ended without a result, if it did."""
    note = _note(file_of(house().dataset, house().settings.room))
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
        return float(told["share"]), told["trouble"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0.0, None


def main() -> int:
    """Work it out for the data set that the settings name, if it is not there."""
    settings = Settings()
    dataset = load(settings.data)
    found = file_of(dataset, settings.room)
    if found.exists():
        return 0
    found.parent.mkdir(parents=True, exist_ok=True)
    try:
        result = work_out(dataset, _note(found))
    except Exception as error:  # whatever it was, the page must be able to say so
        log.exception("Regret could not be played")
        trouble = (
            str(error)
            if isinstance(error, MarqueeError)
            else f"it failed with {type(error).__name__}; see the app's log."
        )
        _write(_note(found), json.dumps({"share": 0.0, "trouble": trouble}))
        return 1
    _write(found, result.model_dump_json())
    _note(found).unlink(missing_ok=True)
    return 0


def work_out(dataset: Dataset, note: Path | None = None) -> Regrets:
    """Train on everybody but those who are asked, then play every policy."""
    world = held_out(dataset.interactions)
    model = registry.model_class(MODEL)().fit(world.train, dataset.catalog)
    vectors = own_vectors(model)
    assert vectors is not None

    def told(share: float) -> None:
        if note is not None:
            _write(note, json.dumps({"share": share, "trouble": None}))

    return simulate(model.score, world, vectors, PLAYED, model=model.card.name, against=(GREEDY, CERTAIN), told=told)


def _note(found: Path) -> Path:
    return found.with_suffix(".note")


def _write(path: Path, text: str) -> None:
    """Aside, then into its place."""
    aside = path.with_suffix(f".{os.getpid()}.part")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # not through the buffer, whose lock would be missed at the end
    os._exit(1)


if __name__ == "__main__":
    environment.step_back()
    if not sys.stdin.isatty():
        Thread(target=_end_with_parent, daemon=True).start()
    sys.exit(main())
