"""Several objectives, measured: figures by hand, networks of one objective, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from recommender.data import Interactions
from recommender.errors import MarqueeError
from recommender.evaluation.objective_runs import Runs
from recommender.evaluation.objectives import Objectives, Point
from recommender.evaluation.objectives_exam import SWEEP, Exam, auc, labels
from recommender.evaluation.report import Metric
from recommender.evaluation.single_objective import able, alone, one_loss
from recommender.training.objectives import LIKE, LOVE, OBJECTIVES, WATCH
from tests.models.planted import Planted, plant


@pytest.fixture(scope="module")
def planted() -> Planted:
    return plant()


@pytest.fixture(scope="module")
def exam(planted: Planted) -> Exam:
    return Exam(varied(planted.interactions), planted.catalog)


def varied(rows: Interactions) -> Interactions:
    """The same movies with all kinds of stars, and with short and long breaks between them."""
    rng = np.random.default_rng(0)
    stars = rng.choice([3, 4, 5], len(rows)).astype(np.float32)
    return replace(rows, rating=stars, timestamp=np.cumsum(rng.choice([600, 7200], len(rows))))


def metric(value: float, low: float = 0.0, high: float = 1.0) -> Metric:
    return Metric(value=value, low=low, high=high, n=2)


def test_auc_counts_pairs_and_halves_ties() -> None:
    scores, yes = np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])
    assert auc(scores, yes) == 3.5 / 4
    assert np.isnan(auc(scores, np.ones(4, bool)))
    assert np.isnan(auc(scores, np.zeros(4, bool)))


def test_labels_follow_stars_and_the_clock() -> None:
    rows = Interactions.from_columns([1, 1, 1, 2], [0, 1, 2, 0], [5, 4, 3.5, 5], [0, 3600, 7201, 7202])
    expected = [[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 0]]
    assert labels(rows).astype(int).tolist() == expected


def test_one_objective_is_learned_from_what_was_watched() -> None:
    """P(watch) is half; P(love | watch) a quarter, so each watched row costs -ln 1/4 or -ln 3/4."""
    log_p = torch.log(torch.tensor([[0.5, 0.25, 0.125, 0.1]])).expand(3, -1)
    yes = torch.tensor([[1.0, 1, 1, 0], [1.0, 0, 0, 0], [0.0, 0, 0, 0]])
    assert one_loss(log_p, yes, LOVE).item() == pytest.approx(-(np.log(0.25) + np.log(0.75)) / 2, rel=1e-5)
    assert one_loss(log_p, yes, WATCH).item() == pytest.approx(np.log(2), rel=1e-5)
    assert one_loss(log_p, torch.zeros(3, 4), LIKE).item() == 0


@pytest.mark.parametrize("slug", able())
def test_a_network_of_one_objective_leaves_the_other_towers_alone(slug: str) -> None:
    made = alone(slug, "love")
    network = made(made.Config(seed=0)).network(4)
    logits = torch.zeros(3, len(OBJECTIVES), requires_grad=True)
    yes = torch.tensor([[1.0, 1, 1, 0], [1.0, 0, 0, 1], [0.0, 0, 0, 0]])
    loss = network.objective_loss(logits, yes)  # type: ignore[operator]
    loss.backward()
    assert logits.grad is not None
    assert logits.grad[:, LOVE].abs().sum() > 0
    assert logits.grad[:, OBJECTIVES.index("soon")].abs().sum() == 0
    assert logits.grad[2].abs().sum() == 0  # nobody watched it


def test_a_model_of_one_goal_and_an_unknown_objective_are_refused() -> None:
    with pytest.raises(MarqueeError, match=r"ease has one objective only, so it shares nothing; choose from .*esmm"):
        alone("ease", "like")
    with pytest.raises(MarqueeError, match="no objective buy; choose from watch, like, love, soon"):
        alone("esmm", "buy")


def test_runs_are_kept_and_stop_when_the_time_is_up(exam: Exam, tmp_path: Path) -> None:
    assert Runs(exam, tmp_path, "planted", 1, until=0.0).all(["sharedbottom"], 1) is None
    shares: list[float] = []
    found = Runs(exam, tmp_path, "planted", 1).all(["sharedbottom"], 1, shares.append)
    assert found is not None
    assert len(list(tmp_path.glob("*.npz"))) == len(shares) == 5
    assert set(found.seesaw["sharedbottom"]) == set(OBJECTIVES)
    assert len(found.points) == len(SWEEP)
    again = Runs(exam, tmp_path, "planted", 1, until=0.0).all(["sharedbottom"], 1)
    assert again == found
    for task, one in found.seesaw["sharedbottom"].items():
        assert one.low <= one.value <= one.high
        difference = found.auc["sharedbottom"][task].value - found.alone["sharedbottom"][task].value
        assert one.value == pytest.approx(difference)


def test_an_objective_without_positives_is_told_in_words_before_anything_is_trained(planted: Planted) -> None:
    rows = varied(planted.interactions)
    fours = replace(rows, rating=np.minimum(rows.rating, 4))
    with pytest.raises(MarqueeError, match="The objective love cannot be told: nobody among the people held out"):
        Exam(fours, planted.catalog)
    with pytest.raises(MarqueeError, match="The objective soon cannot be told"):
        Exam(replace(rows, timestamp=np.arange(len(rows)) * 7200), planted.catalog)


def test_one_person_alone_cannot_be_held_out(planted: Planted) -> None:
    one = planted.interactions.select(planted.interactions.user == 0)
    with pytest.raises(MarqueeError, match="Nobody can be held out: there are ratings of one person only"):
        Exam(one, planted.catalog)


def test_the_front_holds_what_no_other_beats_and_a_loss_needs_its_whole_interval() -> None:
    points = [
        Point(model="a", weight=weight, liked=metric(liked), novelty=metric(novelty))
        for weight, liked, novelty in [(0.0, 0.3, 1.0), (0.1, 0.2, 3.0), (0.2, 0.2, 2.0), (0.3, 0.1, 3.0), (0.5, 0.1, 4.0)]
    ]  # fmt: skip
    found = Objectives(
        people=2, hidden=9, seeds=1, epochs=1, names={"a": "A"}, auc={}, alone={}, ndcg={}, points=points,
        seesaw={"a": {"watch": metric(-0.1, -0.2, -0.01), "like": metric(-0.1, -0.2, 0.01)}},
    )  # fmt: skip
    assert [point.weight for point in found.front()] == [0.5, 0.1, 0.0]
    assert found.loses("a", "watch")
    assert not found.loses("a", "like")


def test_a_shared_network_is_marked_by_what_it_says_of_each_goal(exam: Exam, planted: Planted) -> None:
    """An oracle that knows the hidden ratings is right about all of them."""

    class Oracle:
        def judge(self, histories: object) -> np.ndarray:
            at = next(count)
            found = np.full((len(OBJECTIVES), 1, len(planted.catalog)), 0.01, np.float32)
            mine = exam.row == at
            for task in range(len(OBJECTIVES)):
                found[task, 0, exam.item[mine]] += 0.1 + 0.5 * exam.yes[mine, task]
            found[WATCH] += 0.1
            return found

    count = iter(range(len(exam.question.histories)))
    marks = exam.mark(Oracle())  # type: ignore[arg-type]
    assert np.nanmin(marks["auc:watch"]) == 1
    assert np.nanmin(marks["auc:like"]) == 1
    assert np.nanmin(marks["ndcg:like"]) == 1
