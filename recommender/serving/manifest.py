"""The manifest of a trained version: what it is, what it learned from, how long that took."""

from __future__ import annotations

import hashlib
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

LIBRARIES = ("numpy", "scipy", "torch", "implicit")


def digest(movie_ids: NDArray[np.int64]) -> str:
    """16 hexadecimal digits of a catalogue's movie_ids and their order: scores mean nothing for another catalogue."""
    return hashlib.sha256(np.ascontiguousarray(movie_ids, np.int64).tobytes()).hexdigest()[:16]


def built_with() -> dict[str, str]:
    """Versions of Python and of the libraries that shape the numbers."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


class Manifest(BaseModel):
    """Stands beside the arrays as manifest.json."""

    model_config = ConfigDict(frozen=True)

    model: str
    """The card's name."""
    dataset: str
    fingerprint: str
    """Of the data set and the ratings added to it."""
    movies_digest: str
    interactions: int
    people: int
    config: dict[str, Any]
    seconds: float
    """Of training."""
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    built_with: dict[str, str] = Field(default_factory=built_with)
