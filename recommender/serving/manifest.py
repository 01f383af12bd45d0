"""The manifest of a trained version: what it is, what it learned from, how long that took."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from recommender.versions import built_with


def digest(movie_ids: NDArray[np.int64]) -> str:
    """16 hexadecimal digits of a catalogue's movie_ids and their order: scores mean nothing for another catalogue."""
    return hashlib.sha256(np.ascontiguousarray(movie_ids, np.int64).tobytes()).hexdigest()[:16]


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
    heard: int = 0
    """The number of the last rating of a visitor that was among them; 0 for a data set alone."""
    seconds: float
    """Of training; when it was killed, since it was taken up again."""
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    built_with: dict[str, str] = Field(default_factory=built_with)
    sha256: dict[str, str] = Field(default_factory=dict)
    """Of every other file of the version, by name; written when it is published."""
