"""Propensities: every estimator by hand, the known curve found again, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import MarqueeError
from recommender.unbiased import em
from recommender.unbiased.clicks import PositionBased, looked_at
from recommender.unbiased.harvest import Seen, harvested
from recommender.unbiased.propensity import Propensities, clipped
from recommender.unbiased.sessions import Log, simulate
from recommender.unbiased.swaps import swapped
from tests.unbiased.worlds import planted

PLACES = 6


def log_of(clicks: list[list[int]], partner: list[int], person: list[int]) -> Log:
    clicked = np.array(clicks, bool)
    rows = np.arange(clicked.size).reshape(clicked.shape)
    return Log(rows, clicked, np.array(person), np.array(partner), np.ones_like(clicked))


def seen_of(rows: list[tuple[int, int, int, int, int]]) -> Seen:
    person, movie, place, shown, clicks = np.array(rows, np.int64).T
    return Seen(person, movie, place, shown, clicks)


def test_swaps_by_hand() -> None:
    """Four lists left the first and the second to a coin: 2 clicks there, 4 here. Two left the third: 1 to 2. The last was left to none."""
    log = log_of(
        [[1, 1, 1], [1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 0, 1], [1, 0, 0], [0, 1, 1]],
        [1, 1, 1, 1, 2, 2, 0],
        [0, 0, 1, 1, 0, 1, 0],
    )
    assert swapped(log).values == pytest.approx([1, 2 / 4, 1 / 2])


def test_swaps_need_a_coin_and_know_nothing_of_places_without_clicks_beside_them() -> None:
    with pytest.raises(MarqueeError, match="No list was left to a coin"):
        swapped(log_of([[1, 1]], [0], [0]))
    found = swapped(log_of([[0, 1, 0], [1, 0, 1]], [1, 2], [0, 1])).values
    assert np.isnan(found[1])
    assert found[2] == 1


def test_an_em_step_by_hand() -> None:
    """Two places, e = (1, .5), a movie of γ = .4 shown twice at each, clicked once at each.

    At the first, what was not clicked was seen; at the second it was seen with chance .5 · .6 / .8 = .375 and attracted unseen with
    chance .4 · .5 / .8 = .25.
    """
    cells = em.Cells(np.array([0, 0]), np.array([0, 1]), np.array([2.0, 2.0]), np.array([1.0, 1.0]))
    e, attracted = em.step(cells, np.array([1.0, 0.5]), np.array([0.4]))
    assert e == pytest.approx([1, (1 + 0.375) / 2], abs=1e-5)
    assert attracted == pytest.approx([1.0, 1.25])


def test_em_says_which_place_was_never_shown() -> None:
    cells = em.Cells(np.array([0]), np.array([0]), np.array([2.0]), np.array([1.0]))
    with pytest.raises(MarqueeError, match="at place 2"):
        em.step(cells, np.array([1.0, 0.5]), np.array([0.4]))


def test_harvest_by_hand() -> None:
    """One movie: 4 clicks of 10 showings on top, 2 of 10 below: half as many. A second one, seen at one place only, moves nothing."""
    found = harvested(seen_of([(1, 7, 0, 10, 4), (1, 7, 1, 10, 2), (1, 8, 1, 10, 9)]), 2)
    assert found.values == pytest.approx([1, 0.5], abs=1e-5)


def test_harvest_holds_relevance_apart_from_place() -> None:
    """A good movie mostly on top and a bad one mostly below: e = (1, .5), r = .8 and .2, clicks as expected."""
    good, bad = [(1, 7, 0, 100, 80), (1, 7, 1, 10, 4)], [(2, 8, 0, 10, 2), (2, 8, 1, 100, 10)]
    found = harvested(seen_of([*good, *bad]), 2)
    assert found.values == pytest.approx([1, 0.5], abs=1e-4)
    naive = ((4 + 10) / 110) / ((80 + 2) / 110)
    assert naive < 0.2


def test_harvest_knows_nothing_of_places_that_no_movie_links_to_the_first() -> None:
    rows = [(1, 7, 0, 10, 4), (1, 7, 1, 10, 2), (1, 8, 2, 10, 4), (1, 8, 3, 10, 2)]
    found = harvested(seen_of(rows), 4)
    assert np.isfinite(found.values).tolist() == [True, True, False, False]
    assert np.isfinite(found.low).tolist() == [True, True, False, False]


def test_harvest_refuses_what_says_nothing() -> None:
    with pytest.raises(MarqueeError, match="Nothing was clicked"):
        harvested(seen_of([(1, 7, 0, 10, 0), (1, 7, 1, 10, 0)]), 2)
    with pytest.raises(MarqueeError, match="one place only"):
        harvested(seen_of([(1, 7, 0, 10, 4), (1, 8, 0, 10, 2)]), 2)


@given(st.permutations(range(6)), st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_harvest_cares_neither_for_the_order_of_rows_nor_for_how_much_was_shown_in_all(
    order: list[int], times: int
) -> None:
    rows = [(1, 7, 0, 9, 4), (1, 7, 1, 8, 2), (2, 7, 0, 7, 1), (2, 7, 2, 9, 1), (2, 9, 1, 5, 2), (2, 9, 2, 5, 1)]
    plain = harvested(seen_of(rows), 3, resamples=2).values
    other = [(person, movie, place, shown * times, clicks) for person, movie, place, shown, clicks in rows]
    assert harvested(seen_of([other[at] for at in order]), 3, resamples=2).values == pytest.approx(plain, abs=1e-4)


@pytest.mark.parametrize("eta", [0.5, 1.0])
def test_the_known_curve_lies_within_the_intervals(eta: float) -> None:
    """Of five places with 95 % intervals, at least four."""
    world = planted()
    log = simulate(world, PositionBased(eta), sessions=20_000, places=PLACES, swapped=0.5, seed=1)
    true = looked_at(eta, PLACES)
    cells = em.cells_of(log)
    natural = Seen(cells.row // 24, cells.row, cells.place, cells.shown.astype(np.int64), cells.clicks.astype(np.int64))
    for name, found in {"swaps": swapped(log), "harvest": harvested(natural, PLACES)}.items():
        inside = (found.low[1:] <= true[1:]) & (true[1:] <= found.high[1:])
        assert inside.sum() >= 4, (name, found)


def test_em_finds_the_known_curve() -> None:
    """Its regression cannot be right to the last, so the curve is near and not always within."""
    world = planted()
    log = simulate(world, PositionBased(1.0), sessions=20_000, places=PLACES, seed=1)
    found = em.estimated(world, log, resamples=10)
    assert found.values == pytest.approx(looked_at(1.0, PLACES), rel=0.12)
    assert (found.low <= found.values).all()
    assert (found.values <= found.high).all()


def test_propensities_near_zero_are_clipped_and_counted() -> None:
    values, clips = clipped(np.array([1.0, 0.5, 0.01, 0.0, np.nan]), floor=0.1)
    assert values.tolist() == [1, 0.5, 0.1, 0.1, 0.1]
    assert clips == 3
    for impossible in (0.0, -1.0, 2.0):
        with pytest.raises(MarqueeError, match="clipped at a number above 0"):
            clipped(np.ones(2), floor=impossible)


def test_a_place_of_which_no_resample_knows_has_no_interval() -> None:
    found = Propensities.of(np.array([1.0, 0.5]), np.array([[1.0, np.nan], [1.0, np.nan]]))
    assert found.values[0] == 1
    assert np.isnan([found.values[1], found.low[1], found.high[1]]).all()
