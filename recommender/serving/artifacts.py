"""Trained versions on disk. A version is there whole or not at all, and switching to it is one atomic rename.

root/<slug>/versions/<version>/{arrays.safetensors, config.json, manifest.json, movies.safetensors}
root/<slug>/current            the name of the version that serves
root/<slug>/staging/           what is being written
root/<slug>/training/          the checkpoint of a training that is not over, see unfinished.py

Beside a version's files may lie others that people read, such as epochs.csv: they have no checksum, and nothing depends on them.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from safetensors import SafetensorError

from recommender.errors import MarqueeError
from recommender.models.base import Recommender
from recommender.models.registry import model_class
from recommender.models.storage import map_arrays, read_model, write_arrays, write_model
from recommender.serving.manifest import Manifest

MANIFEST, MOVIES, CURRENT = "manifest.json", "movies.safetensors", "current"
KEPT = 5
"""Versions of a model that are kept for rolling back."""
ABANDONED_SECONDS = 24 * 3600.0
"""A version that has been in the making for so long was left behind by a process that died."""


@dataclass(frozen=True)
class Version:
    """One trained version of one model."""

    slug: str
    name: str
    folder: Path

    def manifest(self) -> Manifest:
        """What is written beside the arrays. Raises MarqueeError when it is missing or damaged."""
        try:
            return Manifest.model_validate_json((self.folder / MANIFEST).read_bytes())
        except (OSError, ValidationError) as error:
            raise MarqueeError(f"The artifact {self.folder} has no sound {MANIFEST}; train the model again.") from error

    def load(self) -> Recommender:
        """The model, its arrays mapped from disk. Raises MarqueeError when anything is missing or damaged.

        Checksums are compared first: damaged indices of a sparse matrix would take the whole process down.
        """
        for name, published in self.manifest().sha256.items():
            if _sha256(self.folder / name) != published:
                raise MarqueeError(f"The artifact {self.folder / name} is missing or damaged; train the model again.")
        return read_model(model_class(self.slug), self.folder)

    def movie_ids(self) -> NDArray[np.int64]:
        """The movie_id of every item that the model scores, `[n_items]`."""
        return map_arrays(self.folder / MOVIES)["movie_ids"]


class ArtifactStore:
    """All versions of all models below one folder. Processes may share it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def publish(
        self,
        slug: str,
        model: Recommender,
        movie_ids: NDArray[np.int64],
        manifest: Manifest,
        beside: Iterable[Path] = (),
    ) -> Version:
        """Store a fitted model as the version that serves, with copies of the files `beside` for people to read.

        Raises MarqueeError when the folder cannot be written.

        Until the last rename, and if the process dies before it, the old version serves.
        """
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(2)}"
        final = self.root / slug / "versions" / name
        staging = self.root / slug / "staging" / name
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            write_model(model, staging)
            write_arrays({"movie_ids": np.asarray(movie_ids, np.int64)}, staging / MOVIES)
            sealed = manifest.model_copy(update={"sha256": {path.name: _sha256(path) for path in staging.iterdir()}})
            (staging / MANIFEST).write_text(sealed.model_dump_json(indent=2), encoding="utf-8")
            for path in beside:
                shutil.copyfile(path, staging / path.name)
            for path in staging.iterdir():
                _sync(path)
            _sync(staging)
            os.replace(staging, final)
            _sync(final.parent)
            self.activate(slug, name)
        except (OSError, SafetensorError) as error:
            shutil.rmtree(staging, ignore_errors=True)
            reason = getattr(error, "strerror", None) or error
            raise MarqueeError(
                f"The folder {self.root} cannot be written ({reason}); free space or choose another."
            ) from error
        self._forget_old(slug)
        return Version(slug, name, final)

    def activate(self, slug: str, name: str) -> None:
        """Let this version serve from now on. Raises MarqueeError when there is no such version."""
        if not (self.root / slug / "versions" / name).is_dir():
            raise MarqueeError(f"There is no version {name} of {slug}.")
        aside = self.root / slug / "staging" / f"{CURRENT}.{secrets.token_hex(4)}"
        aside.parent.mkdir(exist_ok=True)
        aside.write_text(name, encoding="utf-8")
        _sync(aside)
        os.replace(aside, self.root / slug / CURRENT)
        _sync(self.root / slug)

    def current(self, slug: str) -> Version | None:
        """The version that serves, if any was ever published."""
        return current_of(self.root / slug)

    def versions(self, slug: str) -> list[Version]:
        """All versions, newest first."""
        folder = self.root / slug / "versions"
        names = (
            sorted((path.name for path in folder.iterdir() if path.is_dir()), reverse=True) if folder.is_dir() else []
        )
        return [Version(slug, name, folder / name) for name in names]

    def _forget_old(self, slug: str) -> None:
        serving = self.current(slug)
        for version in self.versions(slug)[KEPT:]:
            if serving is None or version.name != serving.name:
                shutil.rmtree(version.folder, ignore_errors=True)
        for path in (self.root / slug / "staging").iterdir():
            if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def current_of(folder: Path) -> Version | None:
    """The version that serves below one model's folder."""
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return Version(folder.name, name, folder / "versions" / name)


def _sha256(path: Path) -> str | None:
    """Hexadecimal; None when the file cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _sync(path: Path) -> None:
    """Wait until a file or a folder's list of names is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
