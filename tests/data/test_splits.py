"""Splits, for any log of ratings: nothing of the future in training, nobody and nothing lost, ties by the stated rule."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from recommender.data import Interactions
from recommender.data.splits import NEW_DRAWS, SHOWN_RATINGS, Split, cold_item, cold_user, leave_last, temporal
from recommender.errors import MarqueeError

# Few people, movies and seconds, so that repeated movies and equal time stamps are common.
rows = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8), st.integers(0, 6)), min_size=1, max_size=60)
logs = rows.map(lambda table: log_of(table))


def log_of(table: list[tuple[int, int, int]]) -> Interactions:
    """A log of (person, movie, second). The stars carry the place in the source, so that each row can be told from all others."""
    user, item, when = (np.array(column) for column in zip(*table, strict=True))
    return Interactions.from_columns(user * 10, item, np.arange(len(table)), when)


def marks(interactions: Interactions) -> set[float]:
    return set(interactions.rating.tolist())


def histories(interactions: Interactions) -> dict[int, list[float]]:
    """The marks of each person's rows, in order."""
    found: dict[int, list[float]] = {user: [] for user in range(interactions.n_users)}
    for user, mark in zip(interactions.user.tolist(), interactions.rating.tolist(), strict=True):
        found[user].append(mark)
    return found


def check_each_trial(log: Interactions, split: Split) -> None:
    """What holds for every split: rows are those of the log, hidden ones are never shown nor learned from, people keep their numbers."""
    for trial in split.trials:
        assert not marks(trial.hidden) & (marks(trial.shown) | marks(split.train))
        for part in (split.train, trial.shown, trial.hidden):
            assert marks(part) <= marks(log)
            assert np.array_equal(part.user_ids, log.user_ids)
        whole, shown, hidden = histories(log), histories(trial.shown), histories(trial.hidden)
        for person in trial.people:
            places = [whole[person].index(mark) for mark in (*shown[person], *hidden[person])]
            assert places == sorted(places) or trial.label == "new movies", "shown comes before hidden, each in order"


@given(logs)
def test_leave_last_hides_the_last_rating_and_loses_nothing(log: Interactions) -> None:
    split, validation = leave_last(log), leave_last(log, "validation")
    check_each_trial(log, split)
    check_each_trial(log, validation)
    (test,), (earlier,) = split.trials, validation.trials
    for person, ratings in histories(log).items():
        assert histories(test.hidden)[person] == (ratings[-1:] if len(ratings) >= 2 else [])
        assert histories(earlier.hidden)[person] == (ratings[-2:-1] if len(ratings) >= 3 else [])
        assert histories(split.train)[person] == ratings[: {1: 1, 2: 1}.get(len(ratings), -2)]
        assert histories(test.shown)[person] == (ratings[:-1] if len(ratings) >= 2 else ratings)
    parts = [split.train, earlier.hidden, test.hidden]
    assert Counter(mark for part in parts for mark in part.rating.tolist()) == Counter(log.rating.tolist())
    assert marks(validation.train) == marks(split.train), "both stages ask the same model"


def test_leave_last_breaks_ties_by_the_order_of_the_source() -> None:
    split = leave_last(log_of([(1, 7, 5), (1, 3, 5), (1, 5, 5)]))
    assert split.train.item.tolist() == [7]
    assert split.trials[0].shown.item.tolist() == [7, 3]
    assert split.trials[0].hidden.item.tolist() == [5]


@given(logs, st.floats(0, 1))
def test_temporal_learns_nothing_from_the_cut_on(log: Interactions, share: float) -> None:
    try:
        split = temporal(log, share)
    except MarqueeError:
        first = log.timestamp.min()
        assert np.sort(log.timestamp)[min(int(share * len(log)), len(log) - 1)] == first
        return
    check_each_trial(log, split)
    after = marks(log) - marks(split.train)
    assert split.train.timestamp.max() < min(log.timestamp[i] for i in range(len(log)) if log.rating[i] in after)
    last = split.trials[0]
    assert marks(last.hidden) == {ratings[-1] for ratings in histories(log).values() if ratings[-1] in after}
    for person in last.people:
        assert histories(last.shown)[person] == histories(log)[person][:-1]
    for returning in split.trials[1:]:
        known = set(split.train.user.tolist())
        assert set(returning.people.tolist()) <= known
        assert marks(returning.hidden) == {
            mark for person, ratings in histories(log).items() if person in known for mark in ratings if mark in after
        }


@given(logs, st.integers(0, 9))
def test_cold_user_learns_nothing_of_the_people_asked(log: Interactions, seed: int) -> None:
    assume(log.n_users > 1)
    split = cold_user(log, seed)
    check_each_trial(log, split)
    asked = set(split.trials[0].people.tolist())
    assert asked
    assert asked.isdisjoint(split.train.user.tolist())
    assert asked | set(split.train.user.tolist()) == set(range(log.n_users)), (
        "everybody is either asked or learned from"
    )
    levels = [int(trial.label) for trial in split.trials]
    assert levels == sorted(levels, reverse=True)
    assert set(levels) == {level for level in SHOWN_RATINGS if level <= levels[0]}
    for trial, level in zip(split.trials, levels, strict=True):
        assert marks(trial.hidden) == marks(split.trials[0].hidden), "what is hidden is the same however much is shown"
        for person in asked:
            assert histories(trial.shown)[person] == histories(log)[person][:level]
            assert histories(trial.hidden)[person] == histories(log)[person][levels[0] :]


def test_cold_user_shows_as_many_as_half_of_the_people_have() -> None:
    short = log_of([(person, movie, movie) for person in range(10) for movie in range(4 if person < 5 else 2)])
    assert [trial.label for trial in cold_user(short).trials] == ["3", "2", "1", "0"]


@given(logs, st.integers(0, 9))
def test_cold_item_learns_nothing_of_the_movies_asked_about(log: Interactions, seed: int) -> None:
    assume(len(set(log.item.tolist())) > 1)
    held: list[set[int]] = []
    for split in cold_item(log, seed):
        check_each_trial(log, split)
        (trial,) = split.trials
        held.append(set(trial.hidden.item.tolist()))
        assert held[-1].isdisjoint(split.train.item.tolist())
        assert marks(trial.hidden) | marks(split.train) == marks(log)
    assert sum(map(len, held)) == len(set.union(*held)), "no movie is held out twice"
    assert len({len(items) for items in held}) == 1
    assert len(held) == min(NEW_DRAWS, len(set(log.item.tolist())) // len(held[0]))


@pytest.mark.parametrize("split", [temporal, cold_user, cold_item])
def test_says_when_there_is_too_little_to_split(split: object) -> None:
    with pytest.raises(MarqueeError):
        split(log_of([(1, 1, 1)]))  # type: ignore[operator]
