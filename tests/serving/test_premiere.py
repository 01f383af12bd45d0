"""A movie that nobody rated, at once: ranks, who and why, who cannot see it; people who stand for all; real movies as newcomers."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.data import Interactions
from recommender.errors import MarqueeError
from recommender.serving.answers import Person
from recommender.serving.engine import Engine
from recommender.serving.hindsight import hindsight
from recommender.serving.premiere import neighbours, premiere, rank_among, speakers
from recommender.serving.typical import typical
from tests.models.planted import Planted
from tests.serving.conftest import Open, Somebody, Train, seated
from tests.serving.test_releases import released, with_released


@pytest.fixture
def engine(open_engine: Open, publish: Train) -> Engine:
    """A house with a model that places movies and one that cannot."""
    for slug in ("contentknn", "ease"):
        publish(slug)
    return open_engine()


def test_the_rank_is_the_one_that_it_has_once_it_is_released(engine: Engine, planted: Planted, walker: Person) -> None:
    newcomer = released(0)
    (placed,), cannot = (found := premiere(engine, newcomer, [walker])).placed, found.blind
    assert placed.card.slug == "contentknn"
    assert [(one.card.slug, "nobody has rated this one" in one.sentence) for one in cannot] == [
        ("ease", True),
        ("popularity", True),
    ]
    engine.release(newcomer, np.array([True]), "one")
    assert placed.ranks == (engine.ranks(walker, "contentknn", len(planted.catalog)),)


def test_people_of_its_taste_have_it_higher_and_their_likes_speak_for_it(
    engine: Engine, planted: Planted, person: Somebody
) -> None:
    one, other = person(planted.rings[0][:4]), person(planted.rings[1][:4])
    (placed,) = premiere(engine, released(0), [one, other, person([])]).placed
    own, foreign, nobody = placed.ranks
    assert own is not None
    assert foreign is not None
    assert own < foreign
    assert nobody is None, "nothing is known of somebody who has rated nothing"
    found = speakers(engine, "contentknn", released(0), one)
    assert found
    assert {reason.item for reason in found} <= {*planted.rings[0][:4]}
    assert speakers(engine, "ease", released(0), one) == []
    assert speakers(engine, "contentknn", released(0), person([])) == []
    engine.release(released(0), np.array([True]), "one")
    also = with_released(one, len(planted.catalog))
    assert speakers(engine, "contentknn", released(0), also) == found, "ratings of released movies are not read"


def test_who_lacks_its_text_model_says_so_and_the_others_answer(
    engine: Engine, walker: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise MarqueeError("pip install a-text-model")

    monkeypatch.setattr(seated(engine, "contentknn"), "place", refuse)
    found = premiere(engine, released(0), [walker])
    assert found.placed == ()
    assert next(one.sentence for one in found.blind if one.card.slug == "contentknn") == "pip install a-text-model"


def test_a_newcomer_comes_after_its_equals_among_what_was_not_rated() -> None:
    row = np.array([3, 2, 2, 1, 5], np.float32)
    assert rank_among(row, np.array([], np.int32), 2.0) == 5
    assert rank_among(row, np.array([4, 4, 1], np.int32), 2.0) == 3
    assert rank_among(row, np.array([], np.int32), 9.0) == 1


def test_what_reads_like_it_is_of_its_taste(engine: Engine, planted: Planted) -> None:
    found = neighbours(engine, released(1), 5)
    assert len(found) == 5
    assert set(found) <= {*planted.rings[1], planted.cold[1]}


def test_people_who_stand_for_all_are_the_same_each_time_and_of_every_group(planted: Planted) -> None:
    log = planted.interactions
    found = typical(log, len(planted.catalog), count=2)
    again = typical(log, len(planted.catalog), count=2)
    assert [one.number for one in found] == [one.number for one in again]
    assert sum(one.stands_for for one in found) == log.n_users
    assert {(one.number - 1_000) % 2 for one in found} == {0, 1}, "one of each taste"
    for one in found:
        user = int(np.flatnonzero(log.user_ids == one.number)[0])
        assert np.array_equal(one.person.items, log.item[log.user == user])
    assert typical(log.select(log.user < 0), len(planted.catalog)) == []


def test_a_real_movie_as_a_newcomer_is_told_to_the_right_people(
    engine: Engine, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, item = planted.interactions, planted.rings[0][0]
    model, read = seated(engine, "contentknn"), []
    place = model.place
    monkeypatch.setattr(model, "place", lambda people, *rest: read.append(people) or place(people, *rest))
    past = hindsight(engine, log, item)
    (said,) = past.said
    assert past.ratings == (log.item == item).sum()
    assert said.told_apart.low > 0.5
    assert said.told_apart.low <= said.told_apart.value <= said.told_apart.high
    assert said.lovers.value < said.others.value
    assert all((people.items != item).all() for people in read), "the movie is taken out of the histories"
    nobody = hindsight(engine, log, planted.blank)
    assert (nobody.ratings, nobody.said) == (0, ())


def test_a_crowd_too_small_to_group_is_shown_whole() -> None:
    log = Interactions.from_columns([7, 7, 9], [0, 1, 2], [5, 4, 3], [1, 2, 3])
    assert {one.number for one in typical(log, 3)} <= {7, 9}
