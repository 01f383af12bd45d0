"""From scores to lists."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.data import Histories
from recommender.ranking import BATCH_PEOPLE, best, top_lists
from tests.evaluation.models import Given


@given(st.lists(st.sampled_from([-np.inf, 0.0, 1.0, 2.0]), min_size=1, max_size=30), st.integers(0, 40))
def test_best_orders_equals_by_position_and_never_lists_what_is_ruled_out(scores: list[float], k: int) -> None:
    ranked = sorted((i for i, score in enumerate(scores) if score > -np.inf), key=lambda i: (-scores[i], i))
    assert best(np.array(scores, np.float32), k).tolist() == ranked[:k]


def test_lists_leave_out_what_was_seen_and_say_where_nothing_is_left() -> None:
    people = Histories.of([([2], [1], [1]), ([], [], []), ([0, 1, 2, 2], [5, 5, 5, 5], [1, 2, 3, 4])])
    items, scores = top_lists(Given([2, 0, 1]), people, 3)
    assert items.tolist() == [[0, 1, -1], [2, 0, 1], [-1, -1, -1]]
    assert scores[1].tolist() == [3, 2, 1]
    assert np.isnan(scores[2]).all()


def test_everybody_is_asked_once_in_batches() -> None:
    people = Histories.of([([b % 3], [5], [1]) for b in range(2 * BATCH_PEOPLE)])
    told: list[int] = []
    model = Given([0, 1, 2])
    items, _ = top_lists(model, people, 1, told.append)
    assert sum(told) == len(people)
    assert [history for batch in model.asked for history in batch] == [[b % 3] for b in range(2 * BATCH_PEOPLE)]
    assert items[:, 0].tolist() == [1 if b % 3 == 0 else 0 for b in range(2 * BATCH_PEOPLE)]
