"""Accuracy against ranx, an independent library, and against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recommender.evaluation.metrics.accuracy import hit_rate, hits_of, ndcg, recall, reciprocal_rank

PEOPLE, ITEMS, LENGTH = 200, 60, 20


@pytest.fixture(scope="module")
def answers() -> tuple[NDArray[np.int32], list[NDArray[np.int64]]]:
    """Random lists, and one to nine hidden items for each person."""
    rng = np.random.default_rng(7)
    lists = np.stack([rng.permutation(ITEMS)[:LENGTH] for _ in range(PEOPLE)]).astype(np.int32)
    hidden = [rng.choice(ITEMS, rng.integers(1, 10), replace=False) for _ in range(PEOPLE)]
    return lists, hidden


@pytest.mark.parametrize("k", [1, 5, 10, 20])
def test_agrees_with_ranx(answers: tuple[NDArray[np.int32], list[NDArray[np.int64]]], k: int) -> None:
    from ranx import Qrels, Run
    from ranx import evaluate as ranx

    lists, hidden = answers
    qrels = Qrels({f"{b:03}": {str(i): 1 for i in items} for b, items in enumerate(hidden)})
    run = Run({f"{b:03}": {str(i): float(LENGTH - rank) for rank, i in enumerate(row)} for b, row in enumerate(lists)})
    names = {f"{name}@{k}": name for name in ("hit_rate", "recall", "ndcg", "mrr")}
    theirs = ranx(qrels, run, list(names), return_mean=False)

    person = np.repeat(np.arange(PEOPLE), [len(items) for items in hidden])
    hits = hits_of(lists, person, np.concatenate(hidden).astype(np.int32))
    relevant = np.bincount(person)
    ours = {
        "hit_rate": hit_rate(hits, k),
        "recall": recall(hits, relevant, k),
        "ndcg": ndcg(hits, relevant, k),
        "mrr": reciprocal_rank(hits, k),
    }
    for full, name in names.items():
        assert np.allclose(ours[name], theirs[full]), full


def test_by_hand() -> None:
    lists = np.array([[4, 1, 2], [0, 3, -1], [5, 2, 0]], np.int32)
    person, item = np.array([0, 0, 1, 2]), np.array([1, 2, 4, 5], np.int32)
    hits = hits_of(lists, person, item)
    assert hits.tolist() == [[False, True, True], [False, False, False], [True, False, False]]
    relevant = np.array([2, 1, 1])
    assert hit_rate(hits, 1).tolist() == [0, 0, 1]
    assert hit_rate(hits, 3).tolist() == [1, 0, 1]
    assert recall(hits, relevant, 2).tolist() == [0.5, 0, 1]
    assert reciprocal_rank(hits, 3).tolist() == [0.5, 0, 1]
    second, third = 1 / np.log2(3), 1 / np.log2(4)
    assert ndcg(hits, relevant, 3) == pytest.approx([(second + third) / (1 + second), 0, 1])


def test_a_place_left_empty_is_never_a_hit() -> None:
    """-1 fills up short lists; it must not be taken for an item of the person before."""
    lists = np.array([[2, 1], [-1, -1]], np.int32)
    assert not hits_of(lists, np.array([0, 1]), np.array([0, 0], np.int32)).any()
    assert not hits_of(lists, np.array([0]), np.array([2], np.int32))[1].any()


def test_lists_shorter_than_k() -> None:
    hits = np.array([[True, False]])
    assert ndcg(hits, np.array([3]), 10) == pytest.approx([1 / (1 + 1 / np.log2(3) + 0.5)])
