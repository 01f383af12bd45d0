"""Work that takes a while and is the same for everybody: done once by a process of its own at low priority, read by all from a file.

A process, since training in this one would hold up every page. What it does is `python -m MODULE ...`; it ends with this one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread

from app.worker import environment


@dataclass
class Errands:
    """The work of one module, one piece at a time."""

    module: str
    running: subprocess.Popen[bytes] | None = None
    _door: Lock = field(default_factory=Lock)

    def begin(self, *wanted: str) -> bool:
        """Start the piece that these arguments name, unless another is being done. Whether it was started."""
        with self._door:
            if self.running is not None and self.running.poll() is None:
                return False
            # It ends when its standard input does, and so with this process.
            self.running = subprocess.Popen(
                [sys.executable, "-m", self.module, *wanted],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
            return True


def step_aside() -> None:
    """To be called first by such a process: lower its priority, and let it end with the one that began it."""
    environment.step_back()
    if not sys.stdin.isatty():
        Thread(target=_end_with_parent, daemon=True).start()


def tell(found: Path, share: float, trouble: str | None = None) -> None:
    """Note beside `found` how far it is, 0..1, and why it ended without a result, if it did."""
    put(_note(found), json.dumps({"share": share, "trouble": trouble}))


def told(found: Path) -> tuple[float, str | None]:
    """What was noted; nothing is as good as a beginning."""
    try:
        note = json.loads(_note(found).read_text(encoding="utf-8"))
        return float(note["share"]), note["trouble"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0.0, None


def finish(found: Path, text: str) -> None:
    """Write the result and take the note away."""
    put(found, text)
    _note(found).unlink(missing_ok=True)


def put(path: Path, text: str) -> None:
    """Aside, then into its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.part")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def _note(found: Path) -> Path:
    return found.with_suffix(".note")


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # not through the buffer, whose lock would be missed at the end
    os._exit(1)
