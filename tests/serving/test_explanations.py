"""What moved the score beside what was looked at: both per rating, and how far they agree."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.data import Histories
from recommender.models.interaction.fm import FM
from recommender.serving.explanations import Weighed, Weighing, leave_one_out
from tests.models.planted import Planted, history
from tests.serving.conftest import Open, Somebody, Train


def weighing(*pairs: tuple[float, float]) -> Weighing:
    """Ratings with these effects and looks."""
    return Weighing(tuple(Weighed(item, *pair) for item, pair in enumerate(pairs)), "Made up.", True)


def test_both_measures_stand_beside_each_rating(
    open_engine: Open, publish: Train, person: Somebody, planted: Planted
) -> None:
    model = publish("sasrec").load()
    disliked, item = planted.rings[1][0], planted.rings[0][6]
    someone = person([*planted.rings[0][:3], disliked, *planted.rings[0][3:6]], [5, 5, 5, 1, 5, 5, 5])
    engine = open_engine()
    found = engine.weigh(someone, "sasrec", item)
    assert found is not None
    assert [one.item for one in found.ratings] == someone.items.tolist()
    assert [one.looked for one in found.ratings] == pytest.approx(model.looked_at(someone.histories()).tolist())  # type: ignore[attr-defined]
    assert sum(one.looked for one in found.ratings) == pytest.approx(1, abs=1e-5)
    assert (found.ratings[3].effect, found.ratings[3].looked) == (0, 0)
    (moved,) = engine.explain(someone, "sasrec", [item], top=1)[item]
    strongest = max(found.ratings, key=lambda one: one.effect)
    assert (strongest.item, strongest.effect) == (moved.item, pytest.approx(moved.effect))
    assert found.share
    assert "rollout" in found.meaning


def test_the_score_alone_says_why_where_there_is_no_attention_or_no_list(
    open_engine: Open, publish: Train, person: Somebody, planted: Planted
) -> None:
    publish("ease")
    publish("sasrec")
    engine = open_engine()
    assert engine.weigh(person(planted.rings[0][:6]), "ease", planted.rings[0][6]) is None
    assert engine.weigh(person([]), "sasrec", planted.rings[0][6]) is None
    assert engine.weigh(person([1]), "nobody", 2) is None


def test_nothing_is_looked_at_for_lists_and_reasons_alone(
    open_engine: Open, publish: Train, person: Somebody, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("sasrec")
    engine, someone = open_engine(), person(planted.rings[0][:6])

    def forbidden(*_: object) -> None:
        raise AssertionError("nobody asked")

    monkeypatch.setattr("recommender.layers.attention.SelfAttention._weights", forbidden)
    assert engine.answer(someone, ["sasrec"])
    assert engine.explain(someone, "sasrec", [planted.rings[0][6]])
    assert engine.weigh(someone, "sasrec", planted.rings[0][6]) is None
    assert [problem.slug for problem in engine.problems()] == ["sasrec"]


def test_ratings_are_left_out_once_for_both_questions(
    open_engine: Open, publish: Train, person: Somebody, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("sasrec")
    engine, someone, item = open_engine(), person(planted.rings[0][:6]), planted.rings[0][6]
    asked: list[int] = []
    model = next(served.model for served in engine.served() if served.card.slug == "sasrec")
    score = model.score
    monkeypatch.setattr(model, "score", lambda histories: (asked.append(len(histories)), score(histories))[1])
    engine.explain(someone, "sasrec", [item])
    engine.weigh(someone, "sasrec", item)
    engine.explain(someone, "sasrec", [item], top=1)
    assert asked == [1, 7]


def test_agreement_by_hand() -> None:
    """By size the effects rank 1 2 3 4 5 and the looks 1 2 4 3 5, one pair of places swapped: 1 - 6 · 2 / (5 · 24) = .9.
    Of the first three, two are the same. The sixth is not read and does not count."""
    found = weighing((5, 0.5), (-4, 0.4), (3, 0.2), (2, -0.3), (1, 0.1), (9, 0)).agreement
    assert found is not None
    assert (found.shared, found.read) == (2, 5)
    assert found.rank_correlation == pytest.approx(0.9)


@pytest.mark.parametrize(
    "pairs", [[(1, 0.5), (2, 0.3), (3, 0.1), (4, 0.1)], [(0, 0.1), (0, 0.2), (0, 0.3), (0, 0.2), (0, 0.2)], []]
)
def test_too_little_to_compare(pairs: list[tuple[float, float]]) -> None:
    assert weighing(*pairs).agreement is None


def test_of_a_long_history_the_latest_are_weighed(
    open_engine: Open, publish: Train, person: Somebody, planted: Planted
) -> None:
    publish("sasrec")
    items = (planted.rings[0] * 10)[:120]
    found = open_engine().weigh(person(items), "sasrec", planted.rings[0][6])
    assert found is not None
    assert [one.item for one in found.ratings] == items[-100:]
    read = np.array([one.looked > 0 for one in found.ratings])
    assert read.sum() == 16
    assert read[-16:].all()


def test_a_model_that_looks_at_some_movies_alone_tells_the_same(planted: Planted, person: Somebody) -> None:
    model = FM(FM.Config.model_validate(FM.quick | {"epochs": 2})).fit(planted.interactions, planted.catalog)
    somebody, items = person(planted.rings[0][:3]), planted.rings[1][:4]
    whole, *without = model.score(
        Histories.of([history(planted.rings[0][:3]), *(drop(planted.rings[0][:3], at) for at in range(3))])
    )
    by_hand = np.stack([(whole[items] - row[items]) / whole.std() for row in without])
    np.testing.assert_allclose(leave_one_out(model, somebody, items), by_hand, rtol=1e-3, atol=1e-4)


def drop(items: list[int], at: int) -> tuple[list[int], list[float], list[int]]:
    """The history of these without one of them."""
    movies, stars, times = history(items)
    return tuple(column[:at] + column[at + 1 :] for column in (movies, stars, times))
