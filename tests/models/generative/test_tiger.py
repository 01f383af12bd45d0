"""TIGER: names by residual quantisation, a trie of real names, and probabilities over it, by hand."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
import torch

from recommender.data import Catalog, Histories, Interactions
from recommender.errors import MarqueeError
from recommender.layers.code_trie import CodeTrie
from recommender.layers.item_vectors import collaborative_vectors, text_vectors
from recommender.layers.semantic_ids import residual_codes, unique_codes
from recommender.models.generative.tiger import TIGER, TIGERConfig
from tests.models.histories import batch_of

NAMES = np.array([[0, 0], [0, 1], [1, 0], [1, 2], [2, 1]])
"""Five movies; behind word 2 there is only one way on."""


def test_each_level_quantises_what_the_one_before_leaves_over() -> None:
    """100 or 0, then plus or minus 10, then plus or minus 1: three levels of two words give each of eight numbers its own name."""
    numbers = [a + b + c for a in (0, 100) for b in (-10, 10) for c in (-1, 1)]
    codes = residual_codes(np.array(numbers, np.float32)[:, None], levels=3, codes=2, seed=0)
    assert len(np.unique(codes, axis=0)) == 8
    for level, size in enumerate((4, 2, 1)):
        begun = codes[:, : level + 1].reshape(-1, size, level + 1)
        assert (begun == begun[:, :1]).all(), f"neighbours share their first {level + 1} words"


def test_fewer_movies_than_words_and_equal_movies_are_no_trouble() -> None:
    codes = residual_codes(np.array([[1, 0], [1, 0], [0, 1]], np.float32), levels=2, codes=256, seed=0)
    assert (codes[0] == codes[1]).all()
    assert (codes[0] != codes[2]).any()


def test_the_last_word_tells_twins_apart() -> None:
    names = unique_codes(np.array([[3, 1], [0, 2], [3, 1], [3, 1]]), codes=4)
    assert names.tolist() == [[3, 1, 0], [0, 2, 0], [3, 1, 1], [3, 1, 2]]


def test_too_many_twins_move_on_and_too_many_movies_are_refused() -> None:
    names = unique_codes(np.full((8, 2), 1), codes=2)
    assert len(np.unique(names, axis=0)) == 8
    assert names.max() == 1
    with pytest.raises(MarqueeError, match="9 movies cannot have different names"):
        unique_codes(np.full((9, 2), 1), codes=2)


def word_scores(level: int, example: torch.Tensor, family: torch.Tensor, token: torch.Tensor) -> torch.Tensor:
    """At the first word 1, 2, 3; at the second the token itself, plus the word before."""
    return (torch.log(token + 1.0) if level == 0 else token + torch.from_numpy(NAMES[example[family], 0]) * 1.0)[None]


def grown() -> CodeTrie:
    trie = CodeTrie(len(NAMES), 2)
    trie.grow(NAMES)
    return trie


def test_probabilities_are_shared_out_among_siblings_and_multiply_along_the_name() -> None:
    first, whole = grown().log_probabilities(word_scores, 1)
    assert np.allclose(first.exp(), np.array([[1, 1, 2, 2, 3]]) / 6)
    e = math.e
    expected = [1 / 6 / (1 + e), 1 / 6 * e / (1 + e), 2 / 6 / (1 + e**2), 2 / 6 * e**2 / (1 + e**2), 3 / 6]
    assert np.allclose(whole.exp()[0], expected)
    assert np.allclose(whole.exp().sum(), 1)


def test_a_wide_beam_is_the_exact_ranking_and_a_narrow_one_misses() -> None:
    exact = grown().log_probabilities(word_scores, 1)[-1][0].argsort(descending=True).tolist()
    assert grown().beam(word_scores, 5).tolist() == exact
    assert grown().beam(word_scores, 1).tolist() == [4]
    assert grown().beam(word_scores, 2).tolist() == [4, 3], "beginnings 2 and 1 survive, then their best two"


def catalog(genres: list[list[str] | None]) -> Catalog:
    return Catalog.from_frame(pl.DataFrame({"movie_id": range(len(genres)), "genres": genres}))


def test_movies_of_one_genre_are_alike_and_unknown_ones_are_nothing() -> None:
    vectors = text_vectors(catalog([["War"], ["War"], ["War"], ["Comedy"], ["Comedy"], None]), dim=4, seed=0)
    assert vectors.shape == (6, 4)
    assert np.allclose(vectors[0] @ vectors[1], 1)
    assert np.allclose(vectors[0] @ vectors[3], 0, atol=1e-6)
    assert np.allclose(vectors[5], 0)


def test_movies_of_the_same_people_are_alike() -> None:
    people = Histories.of(
        [(items, [5.0] * len(items), range(len(items))) for items in ([0, 1], [0, 1], [2, 3], [2, 3])]
    )
    vectors = collaborative_vectors(people, 5, dim=4, seed=0)
    assert np.allclose(vectors[0] @ vectors[1], 1, atol=1e-5)
    assert np.allclose(vectors[0] @ vectors[2], 0, atol=1e-5)
    assert np.allclose(vectors[4], 0)


def trained(genres: bool) -> TIGER:
    walks = [[(start + step) % 12 for step in range(6)] for start in range(12)]
    rows = [(user, item, 5.0, step) for user, walk in enumerate(walks) for step, item in enumerate(walk)]
    movies = catalog([["War"] if item % 2 else ["Comedy"] for item in range(12)] if genres else [None] * 12)
    config = TIGERConfig(dim=16, codes=4, levels=2, epochs=60, batch_size=4, validation_people=0, learning_rate=0.01)
    return TIGER(config).fit(Interactions.from_columns(*zip(*rows, strict=True)), movies)


@pytest.mark.parametrize("genres", [True, False])
def test_what_is_written_is_what_is_scored(genres: bool) -> None:
    model = trained(genres)
    people = Histories.of([([3, 4, 5], [5.0] * 3, range(3)), ([], [], []), ([0], [1.0], [0])])
    written, scores = model.write(people, k=4, width=20), model.score(people)
    assert written[1:] == [[], []], "an empty history, and one of dislikes alone"
    assert [movie.item for movie in written[0]] == [
        item for item in np.argsort(-scores[0], kind="stable").tolist() if item not in (3, 4, 5)
    ][:4]
    for movie in written[0]:
        assert np.isclose(sum(movie.log_probabilities), scores[0, movie.item], atol=1e-4)
        assert len(movie.tokens) == len(movie.log_probabilities) == 3
    assert len({movie.tokens for movie in written[0]}) == 4


def test_no_score_depends_on_the_future_and_order_matters() -> None:
    network = trained(genres=True).net
    with torch.no_grad():
        whole, other = network(batch_of([[1, 2, 3, 4], [1, 2, 9, 8]], 12))
        swapped = network(batch_of([[2, 1, 3, 4]], 12))[0]
    assert torch.allclose(whole[:2], other[:2], atol=1e-6)
    assert not torch.allclose(whole[-1], swapped[-1], atol=1e-3)
