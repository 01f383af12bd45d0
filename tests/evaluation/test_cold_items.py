"""New movies: who is asked, against what they compete, what the baselines say, and how draws are put together."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.data.dataset import Dataset
from recommender.data.splits import Split, Trial, cold_item
from recommender.evaluation import Report, evaluate
from recommender.evaluation.cold_items import AMONG_ALL, AMONG_NEW, Draw, measure_new
from recommender.evaluation.new_baselines import BASELINES, popularity_by_genre
from recommender.models.base import Cancelled
from recommender.ranking import rank_of
from tests.evaluation.models import Given

MOVIES = 8
SEEDED = st.integers(0, 2**32 - 1)


class Reader(Given):
    """Says of itself that it reads features."""

    card = Given.card.model_copy(update={"scores_cold_items": True})


def catalog(movies: int = MOVIES, genres: list[list[str]] | None = None) -> Catalog:
    frame = pl.DataFrame({"movie_id": range(movies)})
    return Catalog.from_frame(frame if genres is None else frame.with_columns(genres=pl.Series(genres)))


def log(pairs: list[tuple[int, int]]) -> Interactions:
    user, item = zip(*pairs, strict=True)
    return Interactions.from_columns(user, item, np.full(len(pairs), 4), np.arange(len(pairs)))


def split(shown: list[tuple[int, int]], hidden: list[tuple[int, int]]) -> Split:
    """Rows of persons 0 and 1; both are in each part, so that people keep their numbers."""
    whole = log(shown + hidden)
    held = np.isin(whole.item, [item for _, item in hidden])
    train = whole.select(~held)
    return Split(train, (Trial("new movies", train, whole.select(held)),))


def test_new_movies_compete_with_each_other_and_with_all() -> None:
    """Person 0 has seen 0 and gets 7 wrong, then 5; person 1 has seen 1. Held out: 5, 6, 7, of which person 0 rated 5, person 1 rated 6."""
    drawn = split([(0, 0), (1, 1)], [(0, 5), (1, 6), (1, 7)])
    measured = measure_new(catalog(), [drawn], {"reader": lambda: Reader([0, 7, 1, 5, 2, 3, 4, 6])})
    new, everything = measured.trials
    assert (new.label, everything.label) == (AMONG_NEW, AMONG_ALL)
    # Among new: 7, 5, 6. Person 0 finds 5 second, person 1 finds 7 first.
    assert new.models["reader"]["mrr@10"].value == pytest.approx((1 / 2 + 1) / 2)
    # Among all, person 0: 7, 1, 5, so third. Person 1: 0, 7, so second.
    assert everything.models["reader"]["mrr@10"].value == pytest.approx((1 / 3 + 1 / 2) / 2)
    assert everything.models["reader"]["new@10"].value == pytest.approx(3 / 10), "of ten places, seven are filled"
    assert new.models["reader"]["coverage@10"].value == 1, "of the movies held out, not of the catalogue"
    assert "novelty@10" not in new.models["reader"]
    assert {"random", "genrepopularity", "reader"} == set(measured.models) == set(new.models)
    assert len(new.comparisons) == len(everything.comparisons) == 2


def test_draws_count_once_per_person() -> None:
    """Person 0 is asked in both draws, and finds the movie first and second; person 1 in the first alone, and finds it first."""
    rated = [(0, 0), (0, 5), (0, 6), (1, 0), (1, 5)]
    first = split([pair for pair in rated if pair[1] != 5], [(0, 5), (1, 5)])
    second = split([pair for pair in rated if pair[1] != 6], [(0, 6)])
    order = [5, 7, 6, 1, 2, 3, 4, 0]
    measured = measure_new(catalog(), [first, second], {"reader": lambda: Reader(order)})
    figure = measured.trials[1].models["reader"]["mrr@10"]
    # In the second draw person 0 has seen 5, so 7 and then 6 are listed.
    assert figure.value == pytest.approx(((1 + 1 / 2) / 2 + 1) / 2)
    assert figure.n == measured.trials[1].people == 2
    assert measured.trials[0].models["reader"]["coverage@10"].n == 2


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, MOVIES - 1)), min_size=2, max_size=30), SEEDED)
def test_ranks_are_those_of_a_naive_count(pairs: list[tuple[int, int]], seed: int) -> None:
    ratings = log(pairs)
    if len(set(ratings.item.tolist())) < 2:
        return
    scores = np.random.default_rng(seed).integers(0, 4, (4, MOVIES)).astype(np.float32)

    def score(histories: Histories) -> NDArray[np.float32]:
        """By the number of ratings shown, so that people differ and everybody has the same scores in any batch."""
        return scores[histories.lengths % 4]

    for drawn in cold_item(ratings, seed, share=0.3):
        draw = Draw.of(drawn, catalog(), seed)
        ranked = draw.ranked(score)
        assert not np.isin(draw.held, drawn.train.item).any(), "nobody can have learned of a new movie"
        for row, person in enumerate(draw.question.people):
            seen = set(drawn.train.item[drawn.train.user == person].tolist())
            own = score(draw.question.histories.select([row]))[0]
            for lists, candidates in ((ranked.new, set(draw.held.tolist())), (ranked.all, set(range(MOVIES)) - seen)):
                left = sorted(candidates)
                places = {item: rank_of(own[left], place) for place, item in enumerate(left)}
                assert lists[row][lists[row] >= 0].tolist() == sorted(left, key=places.__getitem__)


def test_popularity_of_its_genres() -> None:
    genres = [["War"], ["War", "Drama"], ["Drama"], ["War"], ["War", "Drama"], [], ["Western"], ["War", "Western"]]
    ratings = log([(0, 0), (1, 0), (2, 0), (0, 1), (3, 2), (4, 2)])
    # War: 3 and 1 raters, mean 2. Drama: 1 and 2, mean 1.5. Nothing rated is a Western. All rated movies: mean 2.
    expected = [3, 1, 2, 2, (2 + 1.5) / 2, 2, 2, 2]
    assert popularity_by_genre(catalog(genres=genres), ratings).tolist() == expected
    assert popularity_by_genre(catalog(), ratings).tolist() == [3, 1, 2, 2, 2, 2, 2, 2]


def test_random_order_is_another_for_everybody_and_the_same_for_a_seed() -> None:
    people = Histories.of([([0], [4], [0]), ([1], [4], [0])])
    _, make = BASELINES["random"]
    one, again, other = (make(catalog(), log([(0, 0)]), seed)(people) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert not np.array_equal(one[0], one[1])


def world() -> Dataset:
    """Sixty movies and twenty people; nobody has rated half of them."""
    rng = np.random.default_rng(0)
    pairs = [(person, int(item)) for person in range(20) for item in rng.choice(60, 30, replace=False)]
    genres = [[("Drama", "War")[item % 2]] for item in range(60)]
    return Dataset("world", catalog(60, genres), log(pairs))


def test_evaluate_draws_three_times_and_says_so() -> None:
    learned: list[set[int]] = []

    def make() -> Reader:
        model = Reader(list(range(60)))
        learned.append(set())
        fit = model.fit

        def remembering(interactions: Interactions, *rest: object) -> Reader:
            learned[-1].update(interactions.item.tolist())
            return fit(interactions, *rest)  # type: ignore[arg-type]

        model.fit = remembering  # type: ignore[method-assign, assignment]
        return model

    report = evaluate(world(), "cold-item", {"reader": make}, seed=3)
    held = [set(range(60)) - items for items in learned if items]
    assert [len(items) for items in held] == [6, 6, 6]
    assert len(set.union(*held)) == 18, "no movie twice"
    assert report == Report.model_validate_json(report.model_dump_json())
    assert [trial.label for trial in report.trials] == ["among new", "among all"]
    assert list(report.models) == ["random", "genrepopularity", "reader"]
    assert report.training_ratings == pytest.approx(600 * 0.9, abs=30)
    again = evaluate(world(), "cold-item", {"reader": make}, seed=3)
    assert again.trials == report.trials
    assert evaluate(world(), "cold-item", {"reader": make}, seed=4).trials != report.trials


def test_progress_goes_up_to_its_total_and_can_end_it() -> None:
    steps: list[int] = []
    totals: set[int] = set()

    def progress(step: int, total: int, metrics: object) -> None:
        steps.append(step)
        totals.add(total)

    two = {name: lambda: Reader(list(range(60))) for name in ("one", "two")}
    evaluate(world(), "cold-item", two, progress=progress)
    assert steps == sorted(steps)
    assert totals == {steps[-1]}

    def stop(step: int, total: int, metrics: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        evaluate(world(), "cold-item", two, progress=stop)
