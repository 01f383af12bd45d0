"""How and where a fit runs. None of it is a hyper-parameter: it changes no result but the time it takes.

Whoever starts a fit says so around it; `fit` itself keeps the contract's three arguments:

    with running(device="cpu", folder=store / "sasrec" / "training"):
        model.fit(interactions, catalog, progress)
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True)
class Run:
    """The surroundings of a fit."""

    device: Device = "auto"
    folder: Path | None = None
    """Where the checkpoint and epochs.csv live; None: nothing is written. A checkpoint found there is taken up when it belongs
    to the same model, config and data, and removed when the fit ends or is cancelled. epochs.csv is written anew in each epoch."""


_current: ContextVar[Run | None] = ContextVar("marquee_run", default=None)


def current() -> Run:
    """The surroundings that were set last in this context."""
    return _current.get() or Run()


def speaks() -> bool:
    """Whether this process prints and publishes: the only one, or the first of those that torchrun started."""
    return os.environ.get("RANK", "0") == "0"


@contextmanager
def running(device: Device = "auto", folder: Path | None = None) -> Iterator[Run]:
    """Let every fit inside this block run so."""
    run = Run(device, folder)
    token = _current.set(run)
    try:
        yield run
    finally:
        _current.reset(token)
