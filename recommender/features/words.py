"""The words of movies' texts, in their order: what networks read that look at words one by one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from recommender.data import Catalog
from recommender.features.sentence import COLUMNS, sentences

READS = (*COLUMNS, "reviews")
"""Columns of the catalogue in which the words stand."""
FEWEST = 2
"""Movies that must share a word: what one movie alone says, says nothing of any other movie."""
LONGEST = 300
"""Words of a text that are read. Source: Kim et al. (2016)."""


@dataclass(frozen=True, eq=False)
class Words:
    """Texts as places in a vocabulary; text i owns `ids[offsets[i]:offsets[i + 1]]`. Words that are not in it are left out."""

    vocabulary: dict[str, int]
    """Places are those of the alphabet."""
    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]

    def bags(self) -> sp.csr_array:
        """How often each word stands in each text, float32 `[n_texts, n_words]`."""
        shape = (len(self.offsets) - 1, len(self.vocabulary))
        bags = sp.csr_array((np.ones(len(self.ids), np.float32), self.ids, self.offsets), shape=shape)
        bags.sum_duplicates()
        return bags


def texts(catalog: Catalog) -> list[str]:
    """What is written of every movie: its sentence, then its reviews if there are any."""
    written = catalog.frame["reviews"].list.join(" ").fill_null("")
    return [f"{sentence} {reviews}" for sentence, reviews in zip(sentences(catalog), written, strict=True)]


def words(catalog: Catalog) -> Words:
    """The words of every movie."""
    return _spelt(texts(catalog), vocabulary(catalog))


def words_of(catalog: Catalog, newcomers: Catalog) -> Words:
    """The words of newcomers, in the vocabulary of a catalogue."""
    return _spelt(texts(newcomers), vocabulary(catalog))


def weighed(catalog: Catalog, written: Words) -> sp.csr_array:
    """What each word counts in each text: rarer ones more, repeated ones a little more; unit rows or 0, `[n_texts, n_words]`.

    TF-IDF, the frequencies those of the catalogue, `written` in its vocabulary.
    """
    bags = written.bags()
    if not all(bags.shape):
        return bags
    return sp.csr_array(_frequencies(catalog).transform(bags), dtype=np.float32)


@lru_cache(maxsize=4)
def _frequencies(catalog: Catalog) -> TfidfTransformer:
    return TfidfTransformer(sublinear_tf=True).fit(words(catalog).bags())


@lru_cache(maxsize=4)
def vocabulary(catalog: Catalog) -> dict[str, int]:
    """The place of every word that `FEWEST` movies share; empty when there is none. The same each time."""
    try:
        counted = CountVectorizer(min_df=min(FEWEST, max(len(catalog), 1))).fit(texts(catalog))
    except ValueError:  # what it raises when no word is left
        return {}
    return {word: int(place) for word, place in counted.vocabulary_.items()}


def _spelt(written: list[str], known: dict[str, int]) -> Words:
    split = CountVectorizer().build_analyzer()
    ids = [[known[word] for word in split(text) if word in known][:LONGEST] for text in written]
    offsets = np.concatenate([[0], np.cumsum([len(text) for text in ids])]).astype(np.int64)
    return Words(known, np.array([place for text in ids for place in text], np.int32), offsets)
