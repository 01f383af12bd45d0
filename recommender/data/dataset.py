"""A data set: movies, who rated them, and a fingerprint by which artifacts and databases recognise it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from recommender.data.catalog import Catalog
from recommender.data.interactions import Interactions


@dataclass(frozen=True, eq=False)
class Dataset:
    """What a source is read into."""

    name: str
    """Short and fit for a folder's name: "embedded", "ml-32m", a file's stem."""
    catalog: Catalog
    interactions: Interactions
    heard: int = 0
    """The number of the last rating of a visitor that is among them; 0 for a source alone."""

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that change with any movie_id or interaction."""
        digest = hashlib.sha256(self.catalog.movie_ids.tobytes())
        log = self.interactions
        for column in (log.user, log.item, log.rating, log.timestamp):
            digest.update(column.data)
        return digest.hexdigest()[:16]
