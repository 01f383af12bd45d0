"""Whole evaluations of models whose answers are known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from recommender.data import Catalog, Interactions
from recommender.data.dataset import Dataset
from recommender.errors import MarqueeError
from recommender.evaluation import PROTOCOLS, Report, evaluate
from recommender.evaluation import measure as measuring
from recommender.models.base import Cancelled
from tests.evaluation.models import Given

MOVIES = 30


def dataset(genres: bool = True) -> Dataset:
    """Twelve people who rated movies 0, 1, 2, ... in this order, each a little later than the one before."""
    user, item = np.divmod(np.arange(12 * 25), 25)
    frame = pl.DataFrame({"movie_id": range(MOVIES)})
    if genres:
        frame = frame.with_columns(genres=pl.Series([[("Drama", "Comedy", "War")[i % 3]] for i in range(MOVIES)]))
    log = Interactions.from_columns(user, item, np.full(len(user), 4), 100 * user + item)
    return Dataset("planted", Catalog.from_frame(frame), log)


def right() -> Given:
    """Knows that movie 24 comes last."""
    return Given([24, *range(24), *range(25, MOVIES)])


def wrong() -> Given:
    """Lists what nobody rated first, and then the rest."""
    return Given([*range(25, MOVIES), *range(25)])


def test_leave_last_finds_who_is_right() -> None:
    report = evaluate(dataset(), "leave-last", {"right": right, "wrong": wrong})
    (trial,) = report.trials
    assert trial.people == 12
    best = trial.models["right"]["ndcg@10"]
    assert (best.value, best.low, best.high, best.n) == (1, 1, 1, 12)
    assert trial.models["right"]["hr@10"].value == 1
    # Unseen are 24 (the sixth of this model) and 25 to 29.
    assert trial.models["wrong"]["mrr@10"].value == pytest.approx(1 / 6)
    (comparison,) = trial.comparisons
    assert (comparison.model, comparison.against, comparison.metric) == ("wrong", "right", "ndcg@10")
    assert comparison.difference < 0
    assert comparison.p < 0.01


def test_leave_last_never_lets_the_hidden_be_learned_or_shown() -> None:
    model = right()
    evaluate(dataset(), "leave-last", {"right": lambda: model})
    assert model.learned is not None
    assert model.learned.item.max() == 22, "neither the test nor the validation rating"
    assert [history for batch in model.asked for history in batch] == [list(range(24))] * 12


def test_report_is_json_and_comes_back() -> None:
    data = dataset()
    report = evaluate(data, "leave-last", {"right": right}, seed=5)
    again = Report.model_validate_json(report.model_dump_json())
    assert again == report
    assert (report.fingerprint, report.seed, report.ratings, report.movies) == (data.fingerprint, 5, 300, MOVIES)
    assert report.training_ratings == 12 * 23
    assert report.models["right"].config == {"seed": 0}
    assert report.built_with["numpy"] == np.__version__
    figures = report.metrics("right")
    assert set(figures["ndcg@10"]) == {"value", "low", "high", "n"}
    beyond = {"coverage", "gini", "novelty", "popularity", "diversity", "miscalibration"}
    assert {f"{name}@10" for name in ("hr", "ndcg", "mrr", "recall", *beyond)} <= set(figures)


def test_without_genres_what_needs_them_is_left_away() -> None:
    figures = evaluate(dataset(genres=False), "leave-last", {"right": right}).metrics("right")
    assert "novelty@10" in figures
    assert not {"diversity@10", "miscalibration@10"} & set(figures)


def test_cold_user_asks_at_every_number_of_ratings_shown() -> None:
    model = right()
    report = evaluate(dataset(), "cold-user", {"right": lambda: model})
    assert [trial.label for trial in report.trials] == ["20", "10", "5", "3", "2", "1", "0"]
    assert {trial.people for trial in report.trials} == {2}
    nobody = report.trials[-1].models["right"]
    assert "miscalibration@10" not in nobody, "of nobody's history are genres known"
    assert nobody["recall@10"].value == pytest.approx(1 / 5), "24 of the hidden 20 to 24; the rest of the ten is 0 to 8"


def test_temporal_asks_about_what_came_after() -> None:
    model = right()
    report = evaluate(dataset(), "temporal", {"right": lambda: model})
    assert model.learned is not None
    assert report.training_ratings == len(model.learned) == 240
    assert report.trials[0].label == "last rating"
    assert report.trials[0].people == 3, "the three whose last rating lies after the cut"


def test_what_was_shown_before_cannot_be_asked_for() -> None:
    """Somebody who rates a movie again at the end: it is never listed, so it would be a sure miss."""
    log = Interactions.from_columns([1, 1, 1, 1, 2, 2, 2], [0, 1, 2, 0, 0, 1, 2], [4] * 7, range(7))
    data = Dataset("again", Catalog.from_frame(pl.DataFrame({"movie_id": [5, 6, 7]})), log)
    (trial,) = evaluate(data, "leave-last", {"right": lambda: Given([2, 1, 0])}).trials
    assert (trial.people, trial.unanswerable) == (1, 1)
    assert trial.models["right"]["hr@10"].value == 1


def test_of_too_many_people_some_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "MOST_PEOPLE", 5)
    (trial,) = evaluate(dataset(), "leave-last", {"right": right}).trials
    assert trial.people == 5
    assert trial.models["right"]["hr@10"].value == 1, "each drawn person is compared with their own hidden rating"


def test_progress_goes_up_to_its_total() -> None:
    told: list[tuple[int, int]] = []
    losses: list[float] = []

    def progress(step: int, total: int, metrics: Mapping[str, float]) -> None:
        told.append((step, total))
        losses.extend(metrics.values())

    evaluate(dataset(), "leave-last", {"right": right, "wrong": wrong}, progress=progress)
    steps = [step for step, _ in told]
    assert steps == sorted(steps)
    assert {total for _, total in told} == {steps[-1]}
    assert losses == [0.5, 0.5]


@pytest.mark.parametrize("moment", range(5))
def test_cancelled_ends_it(moment: int) -> None:
    heard = 0

    def progress(step: int, total: int, metrics: Mapping[str, float]) -> None:
        nonlocal heard
        heard += 1
        if heard > moment:
            raise Cancelled

    with pytest.raises(Cancelled):
        evaluate(dataset(), "leave-last", {"right": right, "wrong": wrong}, progress=progress)
    assert heard == moment + 1


@pytest.mark.parametrize("protocol", [name for name in PROTOCOLS if name != "cold-item"])
def test_same_seed_same_figures(protocol: str) -> None:
    one, two = (evaluate(dataset(), protocol, {"right": right, "wrong": wrong}, seed=4).trials for _ in range(2))
    assert one == two


def test_cold_item_takes_only_models_that_read_features() -> None:
    with pytest.raises(MarqueeError, match="right cannot place"):
        evaluate(dataset(), "cold-item", {"right": right})


def test_mistakes_are_one_sentence() -> None:
    data = dataset()
    with pytest.raises(MarqueeError, match="no protocol loo"):
        evaluate(data, "loo", {"right": right})
    with pytest.raises(MarqueeError, match="name one"):
        evaluate(data, "leave-last", {})
    empty = Dataset("empty", data.catalog, Interactions.from_columns([], [], [], []))
    with pytest.raises(MarqueeError, match="no ratings"):
        evaluate(empty, "leave-last", {"right": right})
    once = Dataset("once", data.catalog, Interactions.from_columns([1, 2], [0, 1], [4, 4], [1, 2]))
    with pytest.raises(MarqueeError, match="nobody to ask"):
        evaluate(once, "leave-last", {"right": right})
