"""Which models stand side by side, and how their lists differ."""

from __future__ import annotations

import numpy as np

from app import side_by_side
from recommender.serving.answers import Answer


def answer(slug: str, *items: int) -> Answer:
    return Answer(slug, "v", np.array(items, np.int32), np.zeros(len(items), np.float32), 1.0, None)


def test_the_address_comes_before_memory_and_memory_before_the_opening() -> None:
    assert side_by_side.settle(["a", "b"], ["c", "d"], False, "a", ["e", "f"]) == ("a", "b")
    assert side_by_side.settle(["a"], ["c", "d"], False, "a", ["e", "f"]) == ("c", "d")
    assert side_by_side.settle([], [], False, "a", ["e", "f"]) == ("e", "f")
    assert side_by_side.settle(list("abcdef"), [], False, "a", []) == tuple("abcd")


def test_a_switched_model_comes_to_the_front() -> None:
    assert side_by_side.settle(["a", "b"], [], True, "b", []) == ("b", "a")
    assert side_by_side.settle(["a", "b"], [], True, "c", []) == ("c", "b")


def test_picking_keeps_places_and_never_leaves_fewer_than_two() -> None:
    assert side_by_side.picked(["a", "b"], ["a", "b", "c"]) == ("a", "b", "c")
    assert side_by_side.picked(["a", "b", "c", "d"], ["a", "b", "c", "d", "e"]) == ("b", "c", "d", "e")
    assert side_by_side.picked(["a", "b"], ["a"]) == ("a", "b")


def test_opening_takes_the_nearest_and_the_farthest() -> None:
    answers = {"a": answer("a", 1, 2, 3), "b": answer("b", 1, 2, 9), "c": answer("c", 7, 8, 9)}
    assert side_by_side.opening(answers, "a", 3) == ("a", "b", "c")


def test_difference_counts_shared_and_unique() -> None:
    differing = side_by_side.difference({"a": [1, 2, 3], "b": [2, 3, 4], "c": [9]})
    assert differing.shared == {("a", "b"): 2, ("a", "c"): 0, ("b", "c"): 0}
    assert differing.unique == {"a": 1, "b": 1, "c": 1}
