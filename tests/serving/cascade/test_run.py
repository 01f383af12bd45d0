"""A cascade by hand: who brings, who ranks, who is lost to whom; and what fails or is late is left out."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from recommender.data import Catalog
from recommender.serving.answers import Person
from recommender.serving.cascade.run import Cascade
from recommender.serving.engine import Engine
from tests.serving.cascade.conftest import HandMade, OfCandidates, plan

Seat = Callable[..., HandMade]
MINUTE = 60_000


def fail() -> None:
    raise RuntimeError("broken")


@pytest.fixture
def seated(seat: Seat) -> None:
    """EASE brings 0 1 2, SASRec 2 3 4, FM likes 4 3 9 2 1 0."""
    seat("ease", [0, 1, 2, 5])
    seat("sasrec", [2, 3, 4, 10])
    seat("fm", [4, 3, 9, 2, 1, 0])


def test_what_enters_and_leaves_every_stage(engine: Engine, seated: None, me: Person) -> None:
    """The union by best place, the ranker's order, and the count of what could have been shown."""
    outcome = Cascade(engine).run(me, plan())
    retrieved, ranked = outcome.stages
    assert outcome.catalogue == 10
    assert [(one.source, one.items) for one in outcome.sources] == [("ease", (0, 1, 2)), ("sasrec", (2, 3, 4))]
    assert retrieved.left == (0, 2, 1, 3, 4)
    assert ranked.entered == (0, 2, 1, 3, 4)
    assert ranked.order == (4, 3, 2, 1, 0)
    assert outcome.items == (4, 3, 2, 1)
    assert outcome.complete
    assert outcome.ranks[2] == {"ease": 3, "sasrec": 1}
    assert [outcome.brought_by(item) for item in (0, 2, 4)] == ["ease", "sasrec", "sasrec"]
    assert all(stage.milliseconds >= 0 for stage in outcome.stages)


def test_where_a_movie_is_lost_and_to_whom(engine: Engine, seated: None, me: Person) -> None:
    """0 came in first and all four overtook it; nobody brought 9, whatever the ranker thinks of it."""
    outcome = Cascade(engine).run(me, plan())
    assert outcome.lost(4) is None
    lost = outcome.lost(0)
    assert lost is not None
    assert (lost.stage.name, lost.rank, lost.to) == ("ranking", 5, (4, 3, 2, 1))
    never = outcome.lost(9)
    assert never is not None
    assert (never.stage.name, never.rank, never.to) == ("retrieval", None, (4,))


def test_who_was_behind_already_is_lost_to_the_last_that_passed(engine: Engine, seat: Seat, me: Person) -> None:
    """Nobody took its place: it never had one."""
    seat("ease", [0, 1, 2])
    seat("fm", [0, 1, 2])
    outcome = Cascade(engine).run(
        me,
        plan(
            retrieval={"deadline": MINUTE, "sources": {"ease": 3}},
            ranking={"deadline": MINUTE, "model": "fm", "keep": 2},
        ),
    )
    lost = outcome.lost(2)
    assert lost is not None
    assert (lost.rank, lost.to) == (3, (1,))


def test_the_ranker_looks_at_candidates_alone_where_it_can(engine: Engine, seat: Seat, me: Person) -> None:
    """And gives the order that the whole row would give."""
    seat("ease", [0, 1, 2])
    seat("sasrec", [2, 3, 4])
    ranker = seat("fm", [4, 3, 9, 2, 1, 0], kind=OfCandidates)
    assert Cascade(engine).run(me, plan()).items == (4, 3, 2, 1)
    assert isinstance(ranker, OfCandidates)
    assert ranker.asked == 5


def test_a_source_that_fails_or_is_not_trained_is_left_out(engine: Engine, seat: Seat, me: Person) -> None:
    """The others bring on."""
    seat("sasrec", [2, 3, 4], before=fail)
    seat("ease", [0, 1, 2])
    seat("fm", [2, 1, 0])
    sources = {"ease": 3, "sasrec": 3, "twotower": 5}
    outcome = Cascade(engine).run(me, plan(retrieval={"deadline": MINUTE, "sources": sources}))
    assert [one.left_out for one in outcome.sources] == [None, "it could not answer just now", "it is not trained yet"]
    assert outcome.items == (2, 1, 0)
    assert not outcome.complete


def test_a_source_that_is_late_is_left_out(engine: Engine, seat: Seat, me: Person) -> None:
    """One that waits for ever is late at every deadline; who has answered by then counts."""
    gate = threading.Event()
    seat("ease", [0, 1, 2])
    engine.answer(me, ["ease"])  # remembered, so that it is there at once
    seat("sasrec", [2, 3, 4], before=gate.wait)
    seat("fm", [2, 1, 0])
    try:
        outcome = Cascade(engine).run(me, plan(retrieval={"deadline": 500, "sources": {"sasrec": 3, "fresh": 1}}))
    finally:
        gate.set()
    assert outcome.sources[0].left_out == "it took longer than its 500 ms"
    assert outcome.stages[0].milliseconds >= 500


@pytest.mark.parametrize("kind", [HandMade, OfCandidates])
def test_a_ranker_that_fails_leaves_the_order_of_retrieval(
    engine: Engine, seat: Seat, me: Person, kind: type[HandMade]
) -> None:
    seat("ease", [0, 1, 2])
    seat("sasrec", [2, 3, 4])
    seat("fm", [4], before=fail, kind=kind)
    outcome = Cascade(engine).run(me, plan())
    assert outcome.stages[1].left_out in ("it failed", "it could not answer just now")
    assert outcome.items == (0, 2, 1, 3)


def test_a_ranker_that_is_late_leaves_the_order_of_retrieval(engine: Engine, seat: Seat, me: Person) -> None:
    gate = threading.Event()
    seat("ease", [0, 1, 2])
    seat("sasrec", [2, 3, 4])
    seat("fm", [4], before=gate.wait, kind=OfCandidates)
    try:
        outcome = Cascade(engine).run(me, plan(ranking={"deadline": 1, "model": "fm", "keep": 4}))
    finally:
        gate.set()
    assert outcome.stages[1].left_out == "it took longer than its 1 ms"
    assert outcome.items == (0, 2, 1, 3)


def test_a_ranker_that_is_not_trained_has_a_stand_in(engine: Engine, seat: Seat, me: Person) -> None:
    """The first that is ready; with nobody ready the order of retrieval stays."""
    seat("ease", [0, 1, 2])
    seat("sasrec", [2, 3, 4])
    alone = Cascade(engine).run(me, plan())
    assert alone.stages[1].left_out == "no model that could rank is trained yet"
    assert alone.items == (0, 2, 1, 3)
    seat("deepfm", [4, 3, 2, 1, 0])
    ranked = Cascade(engine).run(me, plan(), instead=["dcnv2", "deepfm", "ease"]).stages[1]
    assert (ranked.model, ranked.instead_of, ranked.left) == ("deepfm", "fm", (4, 3, 2, 1))


def test_re_rankers_follow_one_another(engine: Engine, seat: Seat, me: Person) -> None:
    """Freshness brings the newest up; what comes after it starts from its order."""
    seat("ease", [0, 1, 2])
    seat("sasrec", [2, 3, 4])
    seat("fm", [0, 1, 2, 3, 4])
    steps = (
        {"deadline": MINUTE, "by": "freshness", "weight": 1, "keep": 3},
        {"deadline": MINUTE, "by": "mmr", "weight": 0, "keep": 2},
    )
    outcome = Cascade(engine).run(me, plan(ranking={"deadline": MINUTE, "model": "fm", "keep": 5}, reranking=steps))
    assert [stage.name for stage in outcome.stages] == ["retrieval", "ranking", "freshness", "mmr"]
    assert outcome.stages[2].left == (4, 3, 2)
    assert outcome.items == (4, 3)
    oldest = (
        {"deadline": MINUTE, "by": "freshness", "weight": 0, "keep": 5},
        {"deadline": MINUTE, "by": "mmr", "weight": 0.9, "keep": 3},
    )
    seat("fm", [0, 2, 4, 1, 3])  # three dramas, two comedies
    varied = Cascade(engine).run(me, plan(ranking={"deadline": MINUTE, "model": "fm", "keep": 5}, reranking=oldest))
    assert varied.items[:2] == (0, 1)


def test_calibration_follows_the_genres_that_were_rated(engine: Engine, seat: Seat, me: Person) -> None:
    """Half drama, half comedy: the list alternates although the ranker likes dramas."""
    seat("ease", [0, 2, 4, 1, 3])
    seat("fm", [0, 2, 4, 1, 3])
    step = ({"deadline": MINUTE, "by": "calibration", "weight": 0.95, "keep": 4},)
    outcome = Cascade(engine).run(
        me,
        plan(
            retrieval={"deadline": MINUTE, "sources": {"ease": 5}},
            ranking={"deadline": MINUTE, "model": "fm", "keep": 5},
            reranking=step,
        ),
    )
    assert sorted(item % 2 for item in outcome.items) == [0, 0, 1, 1]


def test_fresh_movies_are_the_released_and_then_the_newest(
    engine: Engine, seat: Seat, me: Person, catalog: Catalog
) -> None:
    """A ranker that cannot place a released movie loses it, and says at which stage."""
    released = Catalog(catalog.frame[:2].with_columns(movie_id=catalog.frame["movie_id"][:2] + 1000))
    engine.release(released, np.array([True, False]), "1")
    seat("fm", [9, 8])
    asked = plan(retrieval={"deadline": MINUTE, "sources": {"fresh": 3}})
    outcome = Cascade(engine).run(me, asked)
    assert outcome.sources[0].items == (12, 9, 8)
    assert outcome.items == (9, 8)
    lost = outcome.lost(12)
    assert lost is not None
    assert (lost.stage.name, lost.rank) == ("ranking", None)
    assert outcome.catalogue == 11


def test_somebody_without_ratings_gets_what_is_fresh_and_is_told(engine: Engine, seated: None) -> None:
    nobody = Person(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int64), "nobody")
    outcome = Cascade(engine).run(nobody, plan())
    assert {one.left_out for one in outcome.sources} == {"you have not rated anything yet"}
    assert outcome.stages[0].left_out == "no source brought anything"
    assert outcome.items == ()
