"""Re-ranking: worked out by hand, against brute force, and what must hold for any candidates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from recommender.data import Histories
from recommender.evaluation.metrics.calibration import miscalibration
from recommender.evaluation.metrics.diversity import diversity as diversity_of
from recommender.serving.rerank.calibration import calibrate, divergence, shares
from recommender.serving.rerank.dpp import dpp, kernel
from recommender.serving.rerank.freshness import fresh
from recommender.serving.rerank.mmr import mmr
from recommender.serving.rerank.relevance import relevance

Floats = NDArray[np.float64]
Order = Callable[[Floats, Floats, int, float], NDArray[np.int64]]

ORDERS: dict[str, Order] = {
    "mmr": mmr,
    "dpp": dpp,
    "calibrate": lambda scores, genres, k, weight: calibrate(
        scores, genres, np.arange(genres.shape[1]) + 1.0, k, weight
    ),
    "fresh": lambda scores, genres, k, weight: fresh(scores, genres[:, 0] * 3, k, weight),
}


@st.composite
def candidates(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Scores and genres of a few movies, ties and movies without genres among them."""
    n, g = draw(st.integers(0, 12)), draw(st.integers(1, 5))
    scores = draw(hnp.arrays(np.float64, n, elements=st.integers(-6, 6).map(float)))
    return scores, draw(hnp.arrays(np.float64, (n, g), elements=st.sampled_from([0.0, 1.0])))


@pytest.mark.parametrize("name", ORDERS)
@given(drawn=candidates(), k=st.integers(0, 14), weight=st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_any_order_is_of_different_candidates_and_a_shorter_list_is_its_beginning(
    name: str, drawn: tuple[Floats, Floats], k: int, weight: float
) -> None:
    """`[min(k, n)]` places, none twice; greedy lists do not change what they began with."""
    scores, genres = drawn
    order = ORDERS[name](scores, genres, k, weight)
    assert len(order) == min(k, len(scores))
    assert len({*order.tolist()}) == len(order)
    assert {*order.tolist()} <= {*range(len(scores))}
    np.testing.assert_array_equal(ORDERS[name](scores, genres, len(scores), weight)[:k], order)


@pytest.mark.parametrize("name", ORDERS)
@given(drawn=candidates(), k=st.integers(0, 14))
@settings(max_examples=40, deadline=None)
def test_no_weight_is_the_plain_order(name: str, drawn: tuple[Floats, Floats], k: int) -> None:
    """Highest score first, of equal ones the first."""
    scores, genres = drawn
    plain = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:k]
    assert ORDERS[name](scores, genres, k, 0).tolist() == plain


@pytest.mark.parametrize("name", ORDERS)
@given(drawn=candidates(), weight=st.floats(0, 1), scale=st.sampled_from([0.5, 4.0]), shift=st.integers(-8, 8))
@settings(max_examples=40, deadline=None)
def test_the_scale_of_a_model_does_not_matter(
    name: str, drawn: tuple[Floats, Floats], weight: float, scale: float, shift: int
) -> None:
    """Logits, stars and cosines are re-ranked alike."""
    scores, genres = drawn
    np.testing.assert_array_equal(
        ORDERS[name](scores, genres, 5, weight), ORDERS[name](scores * scale + shift, genres, 5, weight)
    )


def test_mmr_by_hand() -> None:
    """Two thrillers and a comedy: after the first thriller the comedy, since .5 * .5 - 0 > .5 * .9 - .5 * 1."""
    vectors = np.array([[1.0, 0], [2.0, 0], [0, 1.0], [1.0, 0]])
    scores = np.array([1.0, 0.9, 0.5, 0.0])
    assert mmr(scores, vectors, 4, 0.5).tolist() == [0, 2, 1, 3]
    assert mmr(scores, vectors, 4, 0.1).tolist() == [0, 1, 2, 3]


def test_mmr_counts_the_nearest_alone() -> None:
    """Half like each of two listed movies costs as much as half like one of them: max, not a sum."""
    vectors = np.array([[1.0, 0, 0], [0, 1.0, 0], [1.0, 1.0, 0], [1.0, 0, 1.0]])
    scores = np.array([1.0, 0.9, 0.1, 0.0])
    assert mmr(scores, vectors, 4, 0.5).tolist() == [0, 1, 2, 3]


def test_dpp_by_hand() -> None:
    """Two movies: det = 1 - cos². Beside the first, a twin (det about 0) loses to a stranger (det 1) of much lower score."""
    vectors = np.array([[1.0, 0], [1.0, 0], [0, 1.0]])
    assert dpp([1.0, 0.9, 0.0], vectors, 3, 0.5).tolist() == [0, 2, 1]
    assert dpp([1.0, 0.9, 0.0], vectors, 3, 0.01).tolist() == [0, 1, 2]


@given(
    scores=hnp.arrays(np.float64, 8, elements=st.floats(-5, 5)),
    vectors=hnp.arrays(np.float64, (8, 4), elements=st.floats(-1, 1)),
    weight=st.floats(0.05, 0.95),
)
@settings(max_examples=60, deadline=None)
def test_dpp_is_what_a_greedy_search_over_determinants_finds(scores: Floats, vectors: Floats, weight: float) -> None:
    """The updates of the Cholesky factor against determinants worked out anew: every step is a best one."""
    S, rel = kernel(vectors), relevance(scores)

    def worth(listed: list[int]) -> float:
        return float((1 - weight) * rel[listed].sum() + weight * np.linalg.slogdet(S[np.ix_(listed, listed)])[1])

    order = dpp(scores, vectors, 6, weight).tolist()
    for step, place in enumerate(order):
        listed = order[:step]
        best = max(worth([*listed, other]) for other in range(8) if other not in listed)
        assert worth([*listed, place]) == pytest.approx(best, abs=1e-6)


def test_calibration_by_hand() -> None:
    """Somebody of half drama, half comedy: after a drama the comedy follows, then a drama again, whatever the scores say."""
    genres = np.array([[1.0, 0], [1.0, 0], [1.0, 0], [0, 1.0]])
    scores = [3.0, 2.0, 1.0, 0.0]
    assert calibrate(scores, genres, np.array([5.0, 5.0]), 3, 0.9).tolist() == [0, 3, 1]
    assert divergence(np.array([1.0, 1.0]), np.array([[1.0, 1.0]]))[0] == pytest.approx(0)
    # p = (.5, .5), q = (1, 0): q~ = (.995, .005).
    by_hand = 0.5 * np.log(0.5 / 0.995) + 0.5 * np.log(0.5 / 0.005)
    assert divergence(np.array([1.0, 1.0]), np.array([[2.0, 0.0]]))[0] == pytest.approx(by_hand)


def test_a_history_without_genres_leaves_the_order() -> None:
    """There is nothing to be calibrated to."""
    genres = np.eye(3)
    assert calibrate([1.0, 3.0, 2.0], genres, np.zeros(3), 3, 0.9).tolist() == [1, 2, 0]


def test_calibration_brings_the_divergence_down_and_mmr_and_dpp_bring_diversity_up() -> None:
    """As told by the metrics that every report carries, on 200 movies of six genres."""
    random = np.random.default_rng(0)
    genres = (random.random((200, 6)) < 0.3).astype(np.float32)
    scores = random.normal(size=200) + 2 * genres[:, 0]  # a model that is fond of one genre
    seen = np.flatnonzero(genres[:, 1:3].any(axis=1))[:20]
    history = Histories.of([(seen, np.full(20, 5), np.arange(20))])
    wanted = shares(genres)[seen].sum(axis=0)

    def lists(order: NDArray[np.int64]) -> NDArray[np.int32]:
        return order[None].astype(np.int32)

    plain, half, most = (lists(calibrate(scores, genres, wanted, 20, weight)) for weight in (0, 0.5, 0.99))
    apart = [miscalibration(one, history, genres)[0] for one in (plain, half, most)]
    assert apart[0] > apart[1] > apart[2]
    assert apart[2] < 0.2 * apart[0]
    for rerank in (mmr, dpp):
        varied = diversity_of(lists(rerank(scores, genres, 20, 0.7)), genres)[0]
        assert varied > diversity_of(plain, genres)[0] + 0.05


def test_freshness_by_hand() -> None:
    """A boost of 1 now, 1/2 after two years, 1/4 after four; none where the year is unknown."""
    scores = [1.0, 0.7, 0.0, 0.4]
    assert fresh(scores, [np.nan, 2, 0, 4], 4, 0.5).tolist() == [1, 0, 2, 3]  # .5, .6, .5, .325
    assert fresh(scores, [np.nan, 2, 0, 4], 4, 1).tolist() == [2, 1, 3, 0]
    assert fresh([1.0, 0.0], [0, -3], 2, 1).tolist() == [0, 1], "a movie that is yet to come is new, not newer"
