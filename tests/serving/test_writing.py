"""How a name was written, token by token."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.serving.writing import spell
from tests.models.planted import Planted
from tests.serving.conftest import Open, Somebody, Train


def test_every_token_leaves_fewer_movies_until_one_is_left(
    open_engine: Open, publish: Train, person: Somebody, planted: Planted
) -> None:
    model, engine = publish("tiger").load(), open_engine()
    someone = person(planted.rings[0][:6])
    found = engine.spell(someone, "tiger", 5)
    assert found is not None
    written = model.write(someone.histories(), 5)[0]  # type: ignore[attr-defined]
    names = model.names()  # type: ignore[attr-defined]
    assert [spelling.item for spelling in found] == [one.item for one in written]
    assert [spelling.item for spelling in found] == engine.answer(someone, ["tiger"], 5)["tiger"].items.tolist()
    chances = [np.prod([step.probability for step in spelling.steps]) for spelling in found]
    assert chances == sorted(chances, reverse=True)
    popular = next(served.nothing for served in engine.served() if served.card.slug == "popularity")
    for spelling, one in zip(found, written, strict=True):
        assert [step.token for step in spelling.steps] == names[spelling.item].tolist()
        assert [step.probability for step in spelling.steps] == pytest.approx(np.exp(one.log_probabilities).tolist())
        for level, step in enumerate(spelling.steps, 1):
            alike = np.flatnonzero((names[:, :level] == names[spelling.item, :level]).all(axis=1))
            assert step.possible == len(alike)
            others = sorted(set(alike.tolist()) - {spelling.item}, key=lambda item: (-popular[item], item))
            assert list(step.examples) == others[:3]
        assert spelling.steps[-1].possible == 1


def test_movies_that_nobody_rated_are_not_written(publish: Train, person: Somebody, planted: Planted) -> None:
    model = publish("tiger").load()
    n_items = len(planted.catalog)
    found = spell(model, person(planted.rings[0][:2]), n_items, np.zeros(n_items, np.float32))
    assert found
    assert not {planted.blank, *planted.cold} & {spelling.item for spelling in found}


def test_who_does_not_write_or_has_no_list_of_its_own_spells_nothing(
    open_engine: Open, publish: Train, person: Somebody, planted: Planted
) -> None:
    publish("tiger")
    publish("ease")
    engine = open_engine()
    assert engine.spell(person(planted.rings[0][:6]), "ease", 5) is None
    assert engine.spell(person([]), "tiger", 5) is None
    assert engine.spell(person([1]), "nobody", 5) is None
