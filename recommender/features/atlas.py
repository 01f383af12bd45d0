"""The map of a data set: every movie as a point of the plane, once near to what reads alike, once near to what the same people watch."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from recommender.data import Histories
from recommender.data.dataset import Dataset
from recommender.features import texts
from recommender.features.sentence import sentences
from recommender.features.vector_cache import hashes
from recommender.layers.item_vectors import collaborative_vectors

FEWEST = 5
"""People who must have rated a movie before it has a place by behaviour: of fewer nobody can say whom they stand for."""
WIDTH = 64
"""Numbers per movie that sum up who rated it."""
NEIGHBOURS, APART = 15, 0.15
"""Of the layout: how many neighbours a movie is drawn to, and how close points may lie. Source: McInnes et al. (2018), whose 0.1 is
for smaller points."""
SMALL = 8
"""Movies up to which there is no shape to find: their first two principal components will do."""
EDITION = 1
"""Of this file: another one makes all maps anew."""
TEXTS, LINES, STEPS = 0.25, 0.05, 0.325
"""Shares of the work: to read the texts, to find one map's neighbours, to lay it out."""

Places = NDArray[np.float32]
"""x and y in 0..1 of every movie, `[n_items, 2]`; NaN for those that have no place."""
Watch = Callable[[str, float], None]
"""Called as watch(what is being done, share of all that is done)."""


@dataclass(frozen=True, eq=False)
class Atlas:
    """Both maps of one data set."""

    text: Places
    behaviour: Places

    @classmethod
    def load(cls, file: Path) -> Self | None:
        """What `save` wrote; None where there is nothing that can be read."""
        try:
            return cls(**load_file(file))
        except (OSError, SafetensorError, TypeError):
            return None

    def save(self, file: Path) -> None:
        """Write it aside, then put it in its place."""
        aside = file.with_suffix(f".{os.getpid()}.part")
        file.parent.mkdir(parents=True, exist_ok=True)
        save_file({"text": self.text, "behaviour": self.behaviour}, aside)
        aside.replace(file)


def file_of(dataset: Dataset, home: Path) -> Path:
    """Where the atlas of a data set is kept below `home`: another file for other texts, ratings, text model or layout."""
    digest = hashlib.sha256(hashes(sentences(dataset.catalog)).tobytes())
    folder = texts.model_folder()
    layout = (FEWEST, WIDTH, NEIGHBOURS, APART, EDITION)
    digest.update(repr((dataset.fingerprint, folder and texts.cache_file(folder).name, layout)).encode())
    return home / "cache" / "maps" / f"{digest.hexdigest()[:20]}.safetensors"


def draw(dataset: Dataset, seed: int = 0, watch: Watch = lambda doing, share: None) -> Atlas:
    """Both maps, the second one turned so that movies lie as near to their places on the first as it can be. Takes a minute or two."""
    catalog, ratings = dataset.catalog, dataset.interactions
    told = "Reading what the movies are about"
    watch(told, 0.0)
    vectors = texts.embed(catalog, "auto", seed, lambda done, total: watch(told, TEXTS * done / max(total, 1)))
    text = lay_out(vectors, seed, _part(watch, "Placing them by their texts", TEXTS))
    raters = np.diff(ratings.matrix(len(catalog)).tocsc().indptr)
    watched = collaborative_vectors(Histories.from_interactions(ratings), len(catalog), WIDTH, seed)
    watched[raters < FEWEST] = 0
    behaviour = lay_out(watched, seed, _part(watch, "Placing them by who rated them", TEXTS + LINES + STEPS))
    return Atlas(_framed(text), _framed(turned(behaviour, text)))


def lay_out(vectors: NDArray[np.float32], seed: int, watch: Callable[[float], None] = lambda share: None) -> Places:
    """Unit rows `[n, width]` in the plane, by UMAP (McInnes, Healy and Melville 2018) on their cosines; rows of zeros have no place.

    Neighbours are found exactly, so the same vectors and seed give the same places.
    """
    places = np.full((len(vectors), 2), np.nan, np.float32)
    known = np.flatnonzero(vectors.any(axis=1))
    if len(known) <= SMALL:
        places[known] = _components(vectors[known])
        return places
    from sklearn.neighbors import NearestNeighbors

    k = min(NEIGHBOURS, len(known) - 1)
    near = NearestNeighbors(n_neighbors=k, metric="cosine", algorithm="brute").fit(vectors[known])
    distances, neighbours = near.kneighbors(vectors[known])
    watch(LINES / (LINES + STEPS))
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # that it runs on one thread, which a seed asks for, and cannot place others later
        from umap import UMAP  # compiles a good deal when it is imported

        places[known] = UMAP(
            n_neighbors=k,
            min_dist=APART,
            metric="cosine",
            random_state=seed,
            precomputed_knn=(neighbours, distances.astype(np.float32)),
            tqdm_kwds={"disable": False, "mininterval": 0, "file": _Epochs(watch), "bar_format": "{n}/{total}"},
        ).fit_transform(vectors[known])
    watch(1.0)
    return places


def turned(places: Places, like: Places) -> Places:
    """The same places after the turn or mirroring that brings them nearest to `like` (orthogonal Procrustes)."""
    both = ~np.isnan(places).any(axis=1) & ~np.isnan(like).any(axis=1)
    if not both.any():
        return places
    here, there = places[both].mean(axis=0), like[both].mean(axis=0)
    left, _, right = np.linalg.svd((places[both] - here).T.astype(np.float64) @ (like[both] - there))
    return ((places - here) @ (left @ right)).astype(np.float32)


def _framed(places: Places) -> Places:
    """The same, from 0 to 1 in both directions; what has no extent lies in the middle."""
    if np.isnan(places).all():
        return places
    low, high = np.nanmin(places, axis=0), np.nanmax(places, axis=0)
    extent = high - low
    return np.where(extent > 0, (places - low) / np.where(extent > 0, extent, 1), places * 0 + 0.5).astype(np.float32)


def _components(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The first two principal components, `[n, 2]`; zeros for those that there are not."""
    out = np.zeros((len(vectors), 2), np.float32)
    if len(vectors):
        left, values, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
        found = (left * values)[:, :2]
        out[:, : found.shape[1]] = found
    return out


def _part(watch: Watch, doing: str, begin: float) -> Callable[[float], None]:
    """Tells `watch` of one map, whose share of the work begins there."""
    return lambda share: watch(doing, begin + (LINES + STEPS) * share)


class _Epochs:
    """What UMAP's progress bar is written into: hears "120/500" and tells the share of one map that is done."""

    def __init__(self, watch: Callable[[float], None]) -> None:
        self._watch = watch

    def write(self, text: str) -> None:
        """One drawing of the bar."""
        done, slash, total = text.strip().partition("/")
        if slash and done.isdigit() and total.isdigit():
            self._watch((LINES + STEPS * int(done) / max(int(total), 1)) / (LINES + STEPS))

    def flush(self) -> None:
        """Nothing waits."""
