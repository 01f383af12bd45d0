"""Vectors that were computed once, by the content of their texts."""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

log = logging.getLogger("marquee")


def hashes(texts: list[str]) -> NDArray[np.uint64]:
    """64 bits of each text's BLAKE2b, `[n_texts]`: two of a million texts share them once in thirty million catalogues."""
    digests = [hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(digests), np.dtype("<u8"))


class VectorCache:
    """One file of vectors. A new one is written aside and renamed, so a reader finds the old one or the new one, whole.

    Of two processes that write at once the later wins; what the other had is computed again when it is asked for.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._changed = path, False
        self._place: dict[int, int] = {}
        self._vectors: list[NDArray[np.float32]] = []

    def read(self) -> None:
        """Take in the file, if there is one that can be read."""
        try:
            found = load_file(self._path)
            self.put(found["hashes"].view(np.uint64), found["vectors"])
        except (OSError, SafetensorError, KeyError):
            pass  # nothing kept, or damaged: it is computed again
        self._changed = False

    def has(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Which of them are here."""
        return np.array([key in self._place for key in keys.tolist()], bool)

    def put(self, keys: NDArray[np.uint64], vectors: NDArray[np.float32]) -> None:
        """Remember these, `[n]` and `[n, width]`."""
        for key, vector in zip(keys.tolist(), vectors, strict=True):
            self._place[key] = len(self._vectors)
            self._vectors.append(vector)
        self._changed = self._changed or len(keys) > 0

    def get(self, keys: NDArray[np.uint64], width: int) -> NDArray[np.float32]:
        """Their vectors, `[n, width]`; all of them must be here."""
        return np.array([self._vectors[self._place[key]] for key in keys.tolist()], np.float32).reshape(-1, width)

    def write(self) -> None:
        """Put all into the file; where that cannot be written, say so and go on without."""
        if not self._changed:
            return
        aside = self._path.with_suffix(f".{os.getpid()}.part")
        keys = np.fromiter(self._place, np.uint64, len(self._place))
        vectors = np.array([self._vectors[at] for at in self._place.values()], np.float32)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            save_file({"hashes": keys.view(np.int64), "vectors": vectors}, aside)
            aside.replace(self._path)
        except (OSError, SafetensorError) as error:
            log.warning(
                "Vectors of texts cannot be kept in %s (%s), so they are computed each time.", self._path, error
            )
        self._changed = False
