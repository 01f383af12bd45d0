"""Words in their order, in a vocabulary that is cut by how many movies share them."""

from __future__ import annotations

import polars as pl

from recommender.data import Catalog
from recommender.features.words import LONGEST, vocabulary, words, words_of


def catalog(*titles: str | None) -> Catalog:
    return Catalog.from_frame(pl.DataFrame({"movie_id": range(len(titles)), "title": titles}))


KNOWN = catalog("Night Train", "night of the train", "Day", None)


def test_words_that_two_movies_share_keep_their_order() -> None:
    found = words(KNOWN)
    assert found.vocabulary == {"night": 0, "train": 1}
    assert found.ids.tolist() == [0, 1, 0, 1]
    assert found.offsets.tolist() == [0, 2, 4, 4, 4]


def test_newcomers_are_spelt_in_the_catalogues_vocabulary() -> None:
    found = words_of(KNOWN, catalog("TRAIN to the unheard-of night 🎬", "新しい"))
    assert found.ids.tolist() == [1, 0]
    assert found.offsets.tolist() == [0, 2, 2]


def test_a_catalogue_without_a_shared_word_has_an_empty_vocabulary() -> None:
    assert vocabulary(catalog("One", "Two")) == {}
    assert words(catalog("One", None)).offsets.tolist() == [0, 0, 0]
    assert words(catalog()).offsets.tolist() == [0]


def test_a_long_text_is_cut() -> None:
    long = catalog("word " * 1_000, "word")
    assert words(long).offsets.tolist() == [0, LONGEST, LONGEST + 1]
