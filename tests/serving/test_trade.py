"""One person's lists as novelty counts for more: what each is worth, and whose they are."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.serving.blend import Wishes, blended, rarity
from recommender.serving.trade import WEIGHTS, trade
from tests.models.planted import Planted
from tests.serving.conftest import Open, Somebody, Train, seated

K = 5
SLUG = "sharedbottom"


@pytest.fixture
def facts(planted: Planted) -> dict[str, np.ndarray]:
    return {
        "rarity": rarity(planted.interactions, len(planted.catalog)),
        "kinds": np.eye(len(planted.catalog), dtype=np.float32),
    }


def test_each_list_is_worth_its_own_movies_and_novelty_gives_liking_for_rareness(
    publish: Train, open_engine: Open, facts: dict[str, np.ndarray], planted: Planted, person: Somebody
) -> None:
    publish(SLUG)
    somebody = person([0, 1], [4.0, 5.0])
    engine = open_engine()
    model = seated(engine, SLUG)
    like = model.objectives.index("like")
    judged = np.zeros((len(model.objectives), 1, len(planted.catalog)))
    judged[like, 0] = np.exp(-0.3 * facts["rarity"] - 0.5)  # the better known, the better liked
    model.judge = lambda _: judged
    wishes = Wishes(tuple(float(at == like) for at in range(len(model.objectives))), novelty=0.25)

    engine.answer(somebody, [SLUG], K)
    lists = trade(engine, somebody, SLUG, wishes, facts, K)
    assert lists is not None
    assert [one.novelty for one in lists] == sorted({*WEIGHTS, 0.25})  # the visitor's own weight among them

    offered = np.setdiff1d(np.arange(len(planted.catalog)), somebody.items)
    known = offered[np.argsort(facts["rarity"][offered], kind="stable")]
    # ln P + novelty · rarity falls with rarity below .3 and grows above: the best known first, then the rarest.
    for one, movies in ((lists[0], known[:K]), (lists[-1], known[-K:])):
        assert one.liked == pytest.approx(judged[like, 0, movies].mean())
        assert one.raters == pytest.approx(np.exp(-facts["rarity"][movies]).prod() ** (1 / K))
    liked, raters = [one.liked for one in lists], [one.raters for one in lists]
    assert liked == sorted(liked, reverse=True)
    assert raters == sorted(raters, reverse=True)


def test_a_person_the_model_cannot_read_has_no_lists_to_trade(
    publish: Train, open_engine: Open, facts: dict[str, np.ndarray], person: Somebody
) -> None:
    publish(SLUG)
    nobody = person([])
    engine = open_engine()
    engine.answer(nobody, [SLUG], K)
    wishes = Wishes((1.0,) * len(seated(engine, SLUG).objectives))
    assert trade(engine, nobody, SLUG, wishes, facts, K) is None


def test_a_model_is_asked_once_however_often_a_slider_moves(
    publish: Train, open_engine: Open, facts: dict[str, np.ndarray], person: Somebody
) -> None:
    publish(SLUG)
    somebody, engine = person([0, 1], [4.0, 5.0]), open_engine()
    answer = engine.answer(somebody, [SLUG], K)[SLUG]
    model, asked = seated(engine, SLUG), []
    judge = model.judge
    model.judge = lambda histories: asked.append(len(histories)) or judge(histories)
    for novelty in (0.0, 0.5, 1.0):
        wishes = Wishes((0.5,) * len(model.objectives), novelty)
        assert blended(engine, somebody, answer, wishes, facts, K) is not None
        assert trade(engine, somebody, SLUG, wishes, facts, K) is not None
    assert asked == [1]
