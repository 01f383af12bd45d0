"""Interactions and Histories: sorted by the stated rule, nothing lost, the last rating of a repeated item counts."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.data import Histories, Interactions

rows = st.lists(
    st.tuples(st.integers(-3, 3), st.integers(0, 5), st.sampled_from([0.5, 3.0, 5.0]), st.integers(0, 4)), max_size=40
)
"""Person, movie, stars, second: small ranges, so that ties and repeats are common."""


def log_of(table: list[tuple[int, int, float, int]]) -> Interactions:
    return Interactions.from_columns(*(zip(*table, strict=True) if table else ((), (), (), ())))


@given(rows)
def test_sorted_by_person_then_time_and_ties_keep_their_order(table: list) -> None:
    log = log_of(table)
    expected = sorted(table, key=lambda row: (row[0], row[3]))  # Python's sort is stable
    found = zip(
        log.user_ids[log.user].tolist(), log.item.tolist(), log.rating.tolist(), log.timestamp.tolist(), strict=True
    )
    assert list(found) == expected
    assert log.user_ids.tolist() == sorted({row[0] for row in table})


@given(rows)
def test_sorting_twice_changes_nothing(table: list) -> None:
    once = log_of(table)
    twice = Interactions.from_columns(once.user_ids[once.user], once.item, once.rating, once.timestamp)
    for column in ("user", "item", "rating", "timestamp", "user_ids"):
        assert np.array_equal(getattr(once, column), getattr(twice, column))
        assert getattr(once, column).dtype == getattr(twice, column).dtype


@given(rows)
def test_offsets_bound_each_persons_rows(table: list) -> None:
    log = log_of(table)
    assert log.offsets[0] == 0
    assert log.offsets[-1] == len(log)
    for person in range(log.n_users):
        assert (log.user[log.offsets[person] : log.offsets[person + 1]] == person).all()


@given(rows)
def test_in_a_matrix_the_last_rating_of_a_repeated_item_counts(table: list) -> None:
    log = log_of(table)
    expected = np.zeros((log.n_users, 6), np.float32)
    for person, item, stars in zip(log.user, log.item, log.rating, strict=True):
        expected[person, item] = stars
    assert np.array_equal(log.matrix(6).toarray(), expected)
    assert np.array_equal(Histories.from_interactions(log).matrix(6).toarray(), expected)


@given(rows, st.lists(st.integers(0, 6), max_size=5))
def test_people_are_selected_in_the_order_given(table: list, wanted: list[int]) -> None:
    histories = Histories.from_interactions(log_of(table))
    wanted = [person for person in wanted if person < len(histories)]
    chosen = histories.select(wanted)
    assert chosen.lengths.tolist() == histories.lengths[wanted].tolist()
    for place, person in enumerate(wanted):
        mine, theirs = slice(*chosen.offsets[place : place + 2]), slice(*histories.offsets[person : person + 2])
        assert np.array_equal(chosen.items[mine], histories.items[theirs])
        assert np.array_equal(chosen.timestamps[mine], histories.timestamps[theirs])


def test_people_who_lose_all_their_rows_stay_people() -> None:
    log = log_of([(7, 0, 5.0, 1), (9, 1, 5.0, 1)])
    kept = log.select(log.user == 1)
    assert (len(kept), kept.n_users, kept.offsets.tolist()) == (1, 2, [0, 0, 1])
    assert Histories.from_interactions(kept).lengths.tolist() == [0, 1]


def test_histories_of_people() -> None:
    histories = Histories.of([([3, 1], [5, 0.5], [10, 20]), ((), (), ()), ([2], [4], [5])])
    assert (len(histories), histories.lengths.tolist(), histories.rows.tolist()) == (3, [2, 0, 1], [0, 0, 2])
    assert (histories.items.dtype, histories.ratings.dtype, histories.timestamps.dtype) == (
        np.int32,
        np.float32,
        np.int64,
    )
    assert len(Histories.of([])) == 0
    assert histories.matrix(4).toarray().tolist() == [[0, 0.5, 0, 5], [0] * 4, [0, 0, 4, 0]]
