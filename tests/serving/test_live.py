"""Models that learn live: the list changes at once, the version on disk never, and hearing the same again makes the same model."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from recommender.data import Histories
from recommender.data.dataset import Dataset
from recommender.models import registry
from recommender.serving.answers import Person, Served
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.engine import Engine
from recommender.serving.live import Given, Live, able
from recommender.serving.training import train
from tests.models.planted import Planted, history
from tests.serving.conftest import Open, Train

LEARNERS = ("adpredictor", "ftrl")


def diary(planted: Planted, walks: int = 3) -> list[Given]:
    """What some people rated after the training, one rating after the other."""
    given = []
    for step in range(6):
        for person, (items, stars, _) in enumerate(planted.walks[:walks]):
            before = Histories.of([history(items[:step], stars[:step])])
            given.append(Given(2 * len(given) + 1, person, before, items[step], stars[step]))
    return given


def hearing(given: Iterable[Given], engine: Engine, patience: float = 0.0) -> None:
    """Let an engine hear them as it would from a database."""
    engine.listen(lambda number: [one for one in given if one.number > number], patience)


def seat(engine: Engine, slug: str) -> Served:
    """Who serves."""
    return next(served for served in engine.served() if served.card.slug == slug)


def files(store: ArtifactStore) -> dict[Path, bytes]:
    """Everything on disk."""
    return {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()}


@pytest.fixture
def engine(open_engine: Open, publish: Train) -> Engine:
    """A house with both, and one model that does not learn live."""
    for slug in (*LEARNERS, "ease"):
        publish(slug)
    return open_engine()


def test_a_rating_changes_the_lists_at_once_and_nothing_on_disk(
    engine: Engine, store: ArtifactStore, planted: Planted, walker: Person
) -> None:
    kept, names = files(store), [*LEARNERS, "ease"]
    before = engine.answer(walker, names)
    hearing(diary(planted), engine)
    after = engine.answer(walker, names)
    for slug in LEARNERS:
        assert not np.array_equal(before[slug].scores, after[slug].scores), slug
        assert before[slug].version == seat(engine, slug).version
        assert after[slug].version == f"{before[slug].version}+{diary(planted)[-1].number}"
        assert seat(engine, slug).as_trained.state == before[slug].version
    assert after["ease"].version == before["ease"].version
    assert files(store) == kept


def test_nothing_to_hear_changes_nothing(engine: Engine, walker: Person) -> None:
    before = engine.answer(walker, LEARNERS)
    hearing([], engine)
    hearing([Given(5, 1, Histories.of([history([])]), -1, 0.0)], engine)
    assert {slug: answer.version for slug, answer in engine.answer(walker, LEARNERS).items()} == {
        slug: answer.version for slug, answer in before.items()
    }
    assert engine.taught("ftrl") is None


def test_a_house_that_opens_anew_comes_to_the_same_models(
    engine: Engine, open_engine: Open, planted: Planted, walker: Person
) -> None:
    """One by one as they came, or all at once after a restart: equal to the bit, and so are the lessons."""
    given = diary(planted)
    for n in range(1, len(given) + 1):
        hearing(given[:n], engine)
    again = open_engine()
    hearing(given, again)
    for slug in LEARNERS:
        one, other = engine.taught(slug), again.taught(slug)
        assert one is not None
        assert other is not None
        assert one.seat.state == other.seat.state
        assert np.array_equal(one.seat.model.score(walker.histories()), other.seat.model.score(walker.histories()))
        assert [(lesson.number, lesson.person) for lesson in one.lessons] == [(g.number, g.person) for g in given]
        for mine, theirs in zip(one.lessons, other.lessons, strict=True):
            assert mine.learnt.moved == theirs.learnt.moved
            assert mine.learnt.guessed == theirs.learnt.guessed


def test_only_what_its_training_did_not_have_is_learned(
    dataset: Dataset, store: ArtifactStore, open_engine: Open, planted: Planted
) -> None:
    given = diary(planted)
    known = Dataset(dataset.name, dataset.catalog, dataset.interactions, heard=given[9].number)
    version = train("ftrl", known, store, registry.model_class("ftrl").quick)
    assert version.manifest().heard == given[9].number
    engine = open_engine()
    hearing(given, engine)
    taught = engine.taught("ftrl")
    assert taught is not None
    assert [lesson.number for lesson in taught.lessons] == [one.number for one in given[10:]]


def test_a_new_version_begins_with_what_it_has_not_heard(
    engine: Engine, publish: Train, planted: Planted, walker: Person
) -> None:
    given = diary(planted)
    hearing(given, engine)
    old = seat(engine, "ftrl")
    publish("ftrl", alpha=0.2)
    assert engine.refresh()
    fresh = seat(engine, "ftrl")
    assert fresh.version != old.version
    assert fresh.taught == 0, "until it has listened it is what is on disk"
    hearing(given, engine)
    assert seat(engine, "ftrl").taught == given[-1].number
    assert seat(engine, "adpredictor").taught == given[-1].number
    taught = engine.taught("adpredictor")
    assert taught is not None
    assert len(taught.lessons) == len(given), "what went on serving has not heard anything twice"


def test_a_rating_that_cannot_be_learned_keeps_no_other_waiting(engine: Engine, planted: Planted) -> None:
    given = diary(planted)
    broken = Given(given[3].number, 0, given[3].before, 10**6, 5.0)  # no such movie
    hearing([*given[:3], broken, *given[4:]], engine)
    taught = engine.taught("ftrl")
    assert taught is not None
    assert broken.number not in [lesson.number for lesson in taught.lessons]
    assert taught.lessons[-1].number == given[-1].number


def test_many_threads_at_once_learn_everything_once_in_order(
    engine: Engine, open_engine: Open, planted: Planted, walker: Person
) -> None:
    given = diary(planted)

    def visit(n: int) -> None:
        hearing(given[: n + 1], engine, patience=60)
        engine.answer(walker, LEARNERS)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(len(given))))
    alone = open_engine()
    hearing(given, alone)
    for slug in LEARNERS:
        one, other = engine.taught(slug), alone.taught(slug)
        assert one is not None
        assert other is not None
        assert [lesson.number for lesson in one.lessons] == [lesson.number for lesson in other.lessons]
        assert np.array_equal(one.seat.model.score(walker.histories()), other.seat.model.score(walker.histories()))


def test_nobody_waits_longer_than_they_said(engine: Engine) -> None:
    """While one thread is at it, another goes on without."""
    begun, go_on, heard = Event(), Event(), []

    def slow(number: int) -> list[Given]:
        begun.set()
        assert go_on.wait(60)
        return []

    def never(number: int) -> list[Given]:
        heard.append(number)
        return []

    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(engine.listen, slow)
        assert begun.wait(60)
        engine.listen(never, 0)
        assert heard == []
        go_on.set()
        busy.result()
    engine.listen(never, 0)
    assert heard == [0]


def test_a_model_that_no_longer_serves_is_let_go(engine: Engine, planted: Planted) -> None:
    served = {served.card.slug: served for served in engine.served()}
    live = Live()
    live.listen(served, lambda number: diary(planted))
    assert live.taught.keys() == {*LEARNERS}
    rest = {slug: one for slug, one in served.items() if slug != "ftrl"}
    live.listen(rest, lambda number: [])
    assert live.taught.keys() == {"adpredictor"}
    assert live.over(rest).keys() == rest.keys()


def test_those_that_can_are_known_before_they_are_trained() -> None:
    assert able() == ["ftrl", "adpredictor"]
