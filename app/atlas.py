"""The map of this house: drawn once, by a process of its own at low priority, and read by everybody.

A process, since most of the work is compiling and counting, which in this one would hold up every page. `python -m app.atlas` does it
at any time, so that nobody waits; a lock in the cache lets one alone be at it, whoever started it.
"""

from __future__ import annotations

import fcntl
import gzip
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread

import numpy as np

from app.resources import House, house
from app.settings import Settings
from app.worker import environment
from recommender.data.sources import load
from recommender.errors import MarqueeError
from recommender.features.atlas import FEWEST, Atlas, Places, draw, file_of

__all__ = ["FEWEST", "Progress", "atlas", "begin", "file", "page", "progress"]

log = logging.getLogger("marquee")

TELL_SECONDS = 0.5
FINE = 10_000
"""Steps of a coordinate that browsers are told: finer than a pixel of any screen."""


@dataclass(frozen=True)
class Progress:
    """How far the drawing is."""

    doing: str
    share: float
    failed: bool = False
    """Whether it ended without a map; `doing` then says why."""


_at_it: subprocess.Popen[bytes] | None = None
_door = Lock()


def file() -> Path:
    """Where this house's map is kept."""
    return _file(house())


@lru_cache(maxsize=2)
def _file(rooms: House) -> Path:
    return file_of(rooms.dataset, rooms.settings.home)


def atlas() -> Atlas | None:
    """The map; None while it has not been drawn."""
    found = file()
    return _read(found) if found.exists() else None


@lru_cache(maxsize=2)
def _read(found: Path) -> Atlas | None:
    return Atlas.load(found)


def progress() -> Progress | None:
    """How far the drawing is, or why it ended; None when nobody has begun."""
    with _door:
        mine = _at_it is not None and _at_it.poll() is None
    told = _told(file())
    if mine or _locked(file()):
        return told if told and not told.failed else Progress("Getting the pens", 0.0)
    return told if told and told.failed else None


def begin() -> None:
    """Let it be drawn, unless somebody is at it."""
    global _at_it
    with _door:
        if _at_it is not None and _at_it.poll() is None:
            return
        # It ends when its standard input does, and so with this process.
        _at_it = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )


def main() -> int:
    """Draw the map of the data set that the settings name, if it is not there and nobody else is at it."""
    settings = Settings()
    dataset = load(settings.data)
    found = file_of(dataset, settings.home)
    with _alone(found) as alone:
        if not alone or Atlas.load(found) is not None:
            return 0
        last = 0.0

        def watch(doing: str, share: float) -> None:
            nonlocal last
            if time.monotonic() - last > TELL_SECONDS:
                last = time.monotonic()
                _tell(found, Progress(doing, share))

        try:
            draw(dataset, watch=watch).save(found)
        except Exception as error:  # whatever it was, the page must be able to say so
            log.exception("The map could not be drawn")
            _tell(found, Progress(_in_words(error), 0.0, failed=True))
            return 1
        _notes(found).unlink(missing_ok=True)
    return 0


def _in_words(error: Exception) -> str:
    if isinstance(error, MarqueeError):
        return str(error)
    if isinstance(error, ImportError):
        return f"It takes a package that is not installed ({error.name}): pip install umap-learn."
    if isinstance(error, OSError):
        return f"The folder of the maps cannot be written ({error.strerror})."
    return f"It failed with {type(error).__name__}; the app's log has the details."


def page(rooms: House, drawn: Atlas, groups: list[int]) -> bytes:
    """All that browsers need to draw it, as zipped JSON in columns: movies that have a place on either map."""
    catalog = rooms.dataset.catalog
    placed = ~(np.isnan(drawn.text).any(axis=1) & np.isnan(drawn.behaviour).any(axis=1))
    items = np.flatnonzero(placed)
    titles, years = (catalog.frame[name].gather(items).to_list() for name in ("title", "year"))
    columns = {
        "items": items.tolist(),
        "ids": catalog.movie_ids[items].tolist(),
        "titles": titles,
        "years": years,
        "groups": [groups[item] for item in items],
        "ratings": np.bincount(rooms.dataset.interactions.item, minlength=len(catalog))[items].tolist(),
        "text": _fine(drawn.text[items]),
        "behaviour": _fine(drawn.behaviour[items]),
        "fine": FINE,
    }
    return gzip.compress(json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)


def _fine(places: Places) -> list[int]:
    """x, y, x, y, ... in whole steps; -1 where there is no place."""
    steps: list[int] = np.where(np.isnan(places), -1, np.round(places * FINE)).astype(int).ravel().tolist()
    return steps


def _notes(found: Path) -> Path:
    return found.with_suffix(".json")


def _tell(found: Path, now: Progress) -> None:
    """Write it aside, then put it in its place; a map that cannot be kept is told when it is."""
    aside = found.with_suffix(f".{os.getpid()}.note")
    aside.write_text(json.dumps(asdict(now)), encoding="utf-8")
    aside.replace(_notes(found))


def _told(found: Path) -> Progress | None:
    try:
        return Progress(**json.loads(_notes(found).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def _alone(found: Path) -> Iterator[bool]:
    """Whether nobody else draws this map, from now on and as long as this lasts. The system opens the lock when its holder dies."""
    found.parent.mkdir(parents=True, exist_ok=True)
    with found.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _locked(found: Path) -> bool:
    """Whether some process is at it."""
    try:
        with found.with_suffix(".lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # not through the buffer, whose lock would be missed at the end
    os._exit(1)


if __name__ == "__main__":
    environment.step_back()
    if not sys.stdin.isatty():
        Thread(target=_end_with_parent, daemon=True).start()
    sys.exit(main())
