"""Trainings that are not over yet: where they keep what they need to go on. Imports nothing heavy."""

from __future__ import annotations

import shutil
from pathlib import Path


def place(store: Path, slug: str) -> Path:
    """The folder of a model's training below a store's root."""
    return store / slug / "training"


def forget(store: Path, slug: str) -> None:
    """It is over, or nobody wants it any more."""
    shutil.rmtree(place(store, slug), ignore_errors=True)
