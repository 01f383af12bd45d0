"""Meetings: which facts meet, and that the fast form over the catalogue is the sum over pairs."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from recommender.data import Catalog, Histories
from recommender.layers.meetings import Meetings
from recommender.models.abilities import Meeting
from tests.models.planted import Planted, history, plant


@pytest.fixture(scope="module")
def planted() -> Planted:
    """The small world that every model learns."""
    return plant()


@pytest.fixture
def small() -> Meetings:
    """Three movies; the first two share a genre, the last two a director; the first meets what was liked."""
    frame = pl.DataFrame(
        [
            {"movie_id": 1, "genres": ["Comedy"], "directors": ["Ann"]},
            {"movie_id": 2, "genres": ["Comedy"], "directors": ["Bo"]},
            {"movie_id": 3, "genres": ["War"], "directors": ["Bo"]},
        ]
    )
    return Meetings.of(Catalog.from_frame(frame), np.array([0], np.int32))


def told(meetings: Meetings, items: list[int], stars: list[float], item: int) -> dict[Meeting, float]:
    """What one person's ratings and a movie have to say to each other, in words."""
    facts = meetings.facts(Histories.of([history(items, stars)]), 10)
    pair = meetings.examples(facts, np.array([0]), np.array([item]))
    return {meetings.about(int(at)): float(x) for at, x in zip(pair.at, pair.x, strict=True)}


def test_every_meeting_by_hand(small: Meetings) -> None:
    """Liked: movies 0 and 1, both comedies; disliked: none. Movie 0 is a comedy; its director Ann made one movie only, which says nothing."""
    found = told(small, [0, 1], [5, 4], 0)
    assert found == {
        Meeting("everybody", "", ""): 1,
        Meeting("everybody", "", 0): 1,
        Meeting("everybody", "", "Comedy", "genres"): 1,
        Meeting("liked", "Comedy", "Comedy"): 1,
        Meeting("liked", "Comedy", 0): 1,
        Meeting("movie", 0, 0): 1,
    }


def test_shares_dislikes_and_shared_people_by_hand(small: Meetings) -> None:
    """Disliked: the one comedy 0. Liked: the war film 2 by Bo, who made movie 1 as well."""
    found = told(small, [0, 2], [1, 5], 1)
    assert found == pytest.approx(
        {
            Meeting("everybody", "", ""): 1,
            Meeting("everybody", "", 1): 1,
            Meeting("everybody", "", "Comedy", "genres"): 1,
            Meeting("everybody", "", "Bo", "directors"): 1,
            Meeting("disliked", "Comedy", "Comedy"): 1,
            Meeting("disliked", "Comedy", 1): 1,
            Meeting("shared", "directors", ""): math.log(2),
        }
    )
    half = told(small, [0, 2], [5, 5], 0)
    assert half[Meeting("liked", "Comedy", "Comedy")] == 0.5, "one of two liked movies is a comedy"


def test_two_and_a_half_stars_say_nothing_and_a_movie_rated_twice_counts_once(small: Meetings) -> None:
    assert told(small, [0], [2.5], 1) == told(small, [], [], 1)
    assert told(small, [0, 0], [5, 5], 1) == told(small, [0], [5], 1)
    assert not small.facts(Histories.of([history([0], [2.5])]), 10).known[0]


def test_only_the_last_ratings_are_read(small: Meetings) -> None:
    two = small.facts(Histories.of([history([0, 2, 1], [5, 5, 1])]), 2)
    alone = small.facts(Histories.of([history([2, 1], [5, 1])]), 2)
    assert (two.taste != alone.taste).nnz == 0
    assert (two.values != alone.values).nnz == 0


@pytest.mark.parametrize("power", [1, 2])
def test_the_catalogue_at_once_is_pair_by_pair(planted: Planted, power: int) -> None:
    meetings = Meetings.of(planted.catalog, np.array(planted.rings[0][:5] + planted.blockbusters, np.int32))
    people = Histories.of([*planted.walks[:6], history([]), history(planted.rings[0][:3] * 2, [0.5, 4, 2.5] * 2)])
    weights = np.random.default_rng(3).normal(size=meetings.size).astype(np.float32)
    facts, n_items = meetings.facts(people, 200), len(planted.catalog)
    who, which = np.divmod(np.arange(len(people) * n_items), n_items)
    pairs = meetings.examples(facts, who, which)
    summed = np.add.reduceat(pairs.x**power * weights[pairs.at], pairs.begins[:-1])
    assert meetings.every(facts, weights, power).ravel() == pytest.approx(summed, abs=1e-4)


def test_no_coordinate_stands_twice_in_an_example_and_each_has_a_meaning_of_its_own(planted: Planted) -> None:
    meetings = Meetings.of(planted.catalog, np.array(planted.rings[0], np.int32))
    facts = meetings.facts(planted.histories(), 200)
    who = np.arange(len(planted.walks))
    pairs = meetings.examples(facts, who, np.array(planted.following))
    for begin, end in zip(pairs.begins[:-1], pairs.begins[1:], strict=True):
        assert len(np.unique(pairs.at[begin:end])) == end - begin
    assert len({meetings.about(at) for at in range(meetings.size)}) == meetings.size


def test_it_is_made_again_from_its_arrays_though_they_are_read_only(planted: Planted) -> None:
    meetings = Meetings.of(planted.catalog, np.array(planted.rings[0], np.int32))
    arrays = {name: array.copy() for name, array in meetings.arrays().items()}
    for array in arrays.values():
        array.setflags(write=False)
    again = Meetings(arrays)
    assert again.size == meetings.size
    assert [again.about(at) for at in range(again.size)] == [meetings.about(at) for at in range(meetings.size)]
