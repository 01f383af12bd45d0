"""One contract, asked of every model that the registry finds. Nothing is listed by hand and no model is left out.

Where a card makes a claim (personal, uses_order, scores_cold_items) the test holds the model to it; where the card does not, the
same test asks for the opposite where the opposite can be seen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.models import registry
from recommender.models.abilities import Places, Refreshes
from recommender.models.base import Cancelled, Progress, Recommender
from recommender.models.storage import ARRAYS, DTYPES, map_arrays
from tests.models.planted import GENRES, PEOPLE_OF_TASTE, Planted, close, cold_placed, history, hits, pulls

pytestmark = pytest.mark.parametrize("slug", registry.names())
Models = Callable[[str], Recommender]


def counting() -> tuple[Progress, list[tuple[int, int]]]:
    """A progress callable that notes its calls."""
    calls: list[tuple[int, int]] = []

    def progress(step: int, total: int, metrics: Mapping[str, float]) -> None:
        calls.append((step, total))

    return progress, calls


def cancelling_from(first: int) -> Progress:
    """A progress callable that raises from a step on. Steps are the same each time; how often progress is told is not."""

    def progress(step: int, total: int, metrics: Mapping[str, float]) -> None:
        if step >= first:
            raise Cancelled

    return progress


def copied(state: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.generic]]:
    """A deep copy of learned arrays."""
    return {name: array.copy() for name, array in state.items()}


def newcomers(planted: Planted, items: list[int]) -> Catalog:
    """Movies of the catalogue as if they came anew."""
    frame = planted.catalog.frame[items]
    return Catalog(frame.with_columns(movie_id=pl.col("movie_id") + 10**12))


def test_beats_popularity_where_it_is_personal(slug: str, fitted: Models, planted: Planted) -> None:
    model = fitted(slug)
    hit_rate = hits(model, planted, 6)
    if model.card.personal:
        assert hit_rate >= 0.8
        assert hit_rate > hits(fitted("popularity"), planted, 6) + 0.3
    else:
        scores = model.score(planted.histories())
        assert (scores == scores[0]).all(), "not personal, so everybody gets the same"


def test_learns_the_succession_where_it_uses_order(slug: str, fitted: Models, planted: Planted) -> None:
    """Also the proof that nothing of the future leaks into training: a model that may look ahead copies instead of learning."""
    model = fitted(slug)
    if model.card.uses_order:
        assert hits(model, planted, 1) >= 0.8
    backwards = [(items[::-1], stars, times) for items, stars, times in planted.walks]
    same = close(model.score(planted.histories()), model.score(Histories.of(backwards)))
    assert same is not model.card.uses_order, "the card says whether order matters"


def test_places_cold_movies_where_it_says_so(slug: str, fitted: Models, planted: Planted) -> None:
    placed = cold_placed(fitted(slug), planted)
    assert placed >= 0.9 or not fitted(slug).card.scores_cold_items


def test_a_disliked_movie_does_not_pull_its_neighbours_up(slug: str, fitted: Models, planted: Planted) -> None:
    model = fitted(slug)
    disliked, liked = pulls(model, planted)
    if model.card.personal:
        assert liked > 0
    assert disliked <= 0.1 * liked


def test_scores_are_finite_float32_for_every_item_and_the_callers_own(
    slug: str, fitted: Models, planted: Planted
) -> None:
    model = fitted(slug)
    scores = model.score(planted.histories())
    assert scores.shape == (len(planted.walks), len(planted.catalog))
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    kept = scores.copy()
    scores[:] = 0
    assert np.array_equal(model.score(planted.histories()), kept), (
        "scoring is deterministic, whatever became of earlier scores"
    )


def test_one_history_alone_scores_as_in_a_batch(slug: str, fitted: Models, planted: Planted) -> None:
    people = [*planted.walks[:5], history([]), history(planted.rings[0] * 3), history([planted.blank])]
    batch = fitted(slug).score(Histories.of(people))
    for person, row in zip(people, batch, strict=True):
        assert close(fitted(slug).score(Histories.of([person]))[0], row)


def test_a_prefix_does_not_feel_what_follows(slug: str, fitted: Models, planted: Planted) -> None:
    items, stars, times = planted.walks[0]
    prefixes = [(items[:n], stars[:n], times[:n]) for n in range(len(items) + 1)]
    beside_the_future = fitted(slug).score(Histories.of(prefixes))
    for prefix, row in zip(prefixes, beside_the_future, strict=True):
        assert close(fitted(slug).score(Histories.of([prefix]))[0], row)


@pytest.mark.parametrize("case", ["empty", "unknown", "repeated", "disliked", "ten thousand", "nobody"])
def test_any_history_is_answered(slug: str, case: str, fitted: Models, planted: Planted) -> None:
    long = [int(item) for item in np.random.default_rng(1).integers(0, len(planted.catalog), 10_000)]
    people = {
        "empty": [history([])],
        "unknown": [history([planted.blank]), history([*planted.cold, planted.blank])],
        "repeated": [history([planted.rings[0][0]] * 7)],
        "disliked": [history(planted.rings[0][:3], [0.5, 1.0, 0.5])],
        "ten thousand": [history(long)],
        "nobody": [],
    }[case]
    scores = fitted(slug).score(Histories.of(people))
    assert scores.shape == (len(people), len(planted.catalog))
    assert np.isfinite(scores).all()


def test_the_same_seed_gives_the_same_scores(slug: str, fitted: Models, unfitted: Models, planted: Planted) -> None:
    progress, calls = counting()
    again = unfitted(slug).fit(planted.interactions, planted.catalog, progress)
    assert close(fitted(slug).score(planted.histories()), again.score(planted.histories()))
    assert calls, "training says how far it is"
    assert [step for step, _ in calls] == sorted(step for step, _ in calls)
    assert all(0 <= step <= total for step, total in calls)


def test_refreshed_with_one_more_person_it_answers_and_the_version_before_is_as_it_was(
    slug: str, fitted: Models, unfitted: Models, planted: Planted
) -> None:
    before, again = fitted(slug), unfitted(slug)
    if not isinstance(again, Refreshes):
        pytest.skip("is fitted anew")
    was, known = copied(before.state()), planted.interactions
    first = known.user == 0
    more = Interactions.from_columns(
        *(
            np.concatenate([column, new])
            for column, new in (
                (known.user_ids[known.user], np.full(first.sum(), known.user_ids[-1] + 1)),
                (known.item, known.item[first]),
                (known.rating, known.rating[first]),
                (known.timestamp, known.timestamp[first]),
            )
        )
    )
    scores = again.refresh(before, more, planted.catalog).score(planted.histories())
    assert np.isfinite(scores).all()
    now = before.state()
    assert all(np.array_equal(was[name], now[name]) for name in was)


def test_saved_and_loaded_it_gives_the_same_scores(slug: str, fitted: Models, planted: Planted, tmp_path: Path) -> None:
    model = fitted(slug)
    model.save(tmp_path)
    loaded = type(model).load(tmp_path)
    assert loaded.config == model.config
    assert close(model.score(planted.histories()), loaded.score(planted.histories()))
    assert all(not array.flags.writeable for array in map_arrays(tmp_path / ARRAYS).values())


def test_the_state_is_arrays_that_fit_on_disk(slug: str, fitted: Models) -> None:
    state = fitted(slug).state()
    assert state
    for name, array in state.items():
        assert isinstance(array, np.ndarray), name
        assert array.dtype in [np.dtype(dtype) for dtype in DTYPES.values()], name


def test_movies_that_nobody_rated_in_training_tell_nothing(slug: str, fitted: Models, planted: Planted) -> None:
    unknown = Histories.of([history([planted.blank, *planted.cold]), history([])])
    told, nothing = fitted(slug).score(unknown)
    assert np.array_equal(told, nothing) or fitted(slug).card.scores_cold_items


@pytest.mark.parametrize("when", ["at once", "at the end"])
def test_cancelling_leaves_nothing_behind(
    slug: str,
    when: str,
    fitted: Models,
    unfitted: Models,
    planted: Planted,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    progress, calls = counting()
    model = unfitted(slug)
    if when == "at once":
        untouched = dict(vars(model))
        with pytest.raises(Cancelled):
            model.fit(planted.interactions, planted.catalog, cancelling_from(0))
        assert vars(model) == untouched
    else:
        model.restore(fitted(slug).state())
        before, threads = copied(model.state()), set(threading.enumerate())
        otherwise = replace(planted.interactions, item=np.roll(planted.interactions.item, 3))
        unfitted(slug).fit(otherwise, planted.catalog, progress)
        last = calls[-1][0]
        with pytest.raises(Cancelled):
            model.fit(otherwise, planted.catalog, cancelling_from(last))
        after = model.state()
        assert before.keys() == after.keys()
        assert all(np.array_equal(before[name], after[name]) for name in before)
        assert set(threading.enumerate()) <= threads
    assert not list(tmp_path.iterdir())


def test_two_people_are_enough_to_learn_from(slug: str, unfitted: Models, planted: Planted) -> None:
    few = planted.interactions.select(planted.interactions.user < 2)
    scores = unfitted(slug).fit(few, planted.catalog).score(planted.histories())
    assert np.isfinite(scores).all()


def test_places_newcomers_where_it_says_so(slug: str, fitted: Models) -> None:
    assert isinstance(fitted(slug), Places) is fitted(slug).card.scores_cold_items


def test_a_newcomer_scores_as_a_movie_that_nobody_rated_with_the_very_same_features(
    slug: str, fitted: Models, planted: Planted
) -> None:
    model = fitted(slug)
    if isinstance(model, Places):
        unrated = [*planted.cold, planted.blank]
        people = Histories.of([*planted.walks, history([]), history(planted.rings[0][:3], [0.5, 1.0, 0.5])])
        scores = model.score(people)
        placed = model.place(people, planted.catalog, newcomers(planted, unrated))
        assert placed.dtype == np.float32
        assert placed.shape == (len(people), len(unrated))
        assert np.allclose(placed, scores[:, unrated], rtol=0, atol=1e-4 * float(scores.std()))


def test_placing_one_newcomer_for_one_person_is_placing_many_for_many(
    slug: str, fitted: Models, planted: Planted
) -> None:
    model = fitted(slug)
    if isinstance(model, Places):
        all_of_them = newcomers(planted, planted.cold)
        batch = model.place(planted.histories(), planted.catalog, all_of_them)
        for one in range(2):
            alone = Catalog(all_of_them.frame[one : one + 1])
            for person in (0, 1):
                placed = model.place(Histories.of([planted.walks[person]]), planted.catalog, alone)
                assert np.allclose(placed, batch[person, one], rtol=0, atol=1e-4 * float(batch.std()))


def test_a_newcomer_finds_its_audience_even_if_half_of_it_is_unheard_of(
    slug: str, fitted: Models, planted: Planted
) -> None:
    model = fitted(slug)
    if isinstance(model, Places):
        told = [
            {
                "title": "新しい 🎬",
                "genres": [*GENRES[taste], "Unheard of"],
                "cast": [PEOPLE_OF_TASTE[taste][1], "A. Stranger"],
            }
            for taste in (0, 1)
        ]
        frame = pl.DataFrame([{"movie_id": 10**12 + taste, **row} for taste, row in enumerate(told)])
        placed = model.place(planted.histories(), planted.catalog, Catalog.from_frame(frame))
        own = placed[np.arange(len(placed)), planted.tastes]
        other = placed[np.arange(len(placed)), 1 - np.array(planted.tastes)]
        assert (own > other).mean() >= 0.9


def test_a_newcomer_of_whom_nothing_is_known_and_no_newcomer_at_all_are_placed(
    slug: str, fitted: Models, planted: Planted
) -> None:
    model = fitted(slug)
    if isinstance(model, Places):
        blank = Catalog.from_frame(pl.DataFrame({"movie_id": [10**12]}))
        nobody = Catalog(blank.frame[:0])
        assert np.isfinite(model.place(planted.histories(), planted.catalog, blank)).all()
        assert model.place(planted.histories(), planted.catalog, nobody).shape == (len(planted.walks), 0)
        assert model.place(Histories.of([]), planted.catalog, blank).shape == (0, 1)
