"""Exploration in Models: the regret of the chosen policy in a sentence, and what this house's own log says of its models."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import bridge, off_policy, regret
from app.off_policy import FEWEST, verdict
from app.regret import Regrets
from app.resources import House
from db import impressions, people, ratings
from db.impressions import Exploring
from recommender.errors import MarqueeError
from recommender.evaluation.report import Metric
from recommender.exploration.regret import Curve

View = Callable[..., AppTest]


def metric(value: float, low: float, high: float) -> Metric:
    return Metric(value=value, low=low, high=high, n=9)


def found(ahead: tuple[float, float, float] = (2.0, 1.0, 3.0)) -> Regrets:
    """Three choices of nine people."""
    lines = [metric(turn * 1.5, turn * 1.2, turn * 1.8) for turn in (1, 2, 3)]
    curve = Curve(regret=lines, ahead={"greedy": metric(*ahead), "certain": metric(-0.2, -0.3, -0.1)})
    names = ("greedy", "certain", "thompson", "linucb", "epsilon", "random")
    return Regrets(model="iALS", people=9, seeds=3, offered=20, curves=dict.fromkeys(names, curve))


@pytest.fixture(autouse=True)
def nothing_asked() -> Iterator[None]:
    """Whatever an earlier test asked of the log is forgotten."""
    off_policy._asked = off_policy._known = None
    yield
    if off_policy._asked is not None:
        off_policy._asked[1].result()


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator's work is done."""
    monkeypatch.setattr("app.regret.regrets", found)


def open_section(view: View, **query: str) -> AppTest:
    page = view("models", section="Exploration", **query)
    assert not page.exception
    return page


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        ((2.0, 1.0, 3.0), "iALS alone **4.5**: **2.0 less** (1.0 to 3.0)."),
        ((-2.0, -3.0, -1.0), "iALS alone **4.5**: **2.0 more** (1.0 to 3.0)."),
        ((0.5, -1.0, 2.0), "no difference that could not be luck (-2.0 to +1.0)."),
    ],
)
def test_the_chosen_policy_stands_in_the_sentence(
    view: View, played: None, monkeypatch: pytest.MonkeyPatch, ahead: tuple[float, float, float], said: str
) -> None:
    monkeypatch.setattr("app.regret.regrets", lambda: found(ahead))
    page = open_section(view, explore_policy="LinUCB")
    sentence = page.markdown[0].value
    assert sentence.startswith("In **3** choices LinUCB gives up **4.5 stars** (3.6 to 5.4), iALS alone **4.5**")
    assert said in sentence
    assert sentence.endswith("beside the same without curiosity it is **0.2 more** (0.1 to 0.3).")
    assert len(page.get("vega_lite_chart")) + len(page.get("arrow_vega_lite_chart")) == 1


def test_the_simulator_is_begun_and_nobody_waits(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    monkeypatch.setattr("app.regret.begin", lambda: begun.append(True))
    page = open_section(view)
    assert begun
    assert page.get("progress")


def test_why_it_cannot_be_played_is_told(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.regret.begin", lambda: None)
    monkeypatch.setattr("app.regret.progress", lambda: (0.0, "Regret needs two people."))
    assert "Regret needs two people" in open_section(view).info[0].value


def test_too_few_impressions_are_told_plainly(view: View, played: None, opened: House, me: int) -> None:
    with opened.database.session() as rows:
        impressions.record(rows, me, "ease", "1", "for_you", [1200], exploring=Exploring("epsilon", [0.1]))
        impressions.record(rows, me, "ease", "1", "for_you", [589], exploring=Exploring("linucb", [1.0]))
    verdict()
    assert off_policy._asked is not None
    off_policy._asked[1].result()
    page = open_section(view)
    told = [one.value for one in page.markdown]
    assert any(
        "Too little was left to chance to judge any model: **1** place before **1** visitor so far, and **100** before **5** are needed"
        in one
        for one in told
    )
    assert not page.get("estimator")


def test_models_are_judged_by_what_was_left_to_chance(view: View, played: None, opened: House, me: int) -> None:
    """Five visitors, and every movie that popularity would have shown was loved: it would have earned all."""
    popular = [
        int(one) for one in opened.engine.answer(bridge.person(opened, None), ["popularity"], 100)["popularity"].items
    ]
    ids = opened.dataset.catalog.movie_ids
    rng = np.random.default_rng(0)
    with opened.database.session() as rows:
        for person in (me, *(people.create(rows)[0].id for _ in range(4))):
            for _ in range(FEWEST // 5):
                loved = rng.random() < 0.5
                movie = int(ids[rng.choice(popular) if loved else rng.integers(len(ids))])
                impressions.record(
                    rows, person, "ease", "1", "for_you", [movie], exploring=Exploring("epsilon", [0.005])
                )
                if loved:
                    impressions.outcome(rows, person, movie, "rated", 5.0)
    verdict()
    assert off_policy._asked is not None
    known = off_policy._asked[1].result()
    assert (known.trials, known.people) == (FEWEST, 5)
    by_slug = {one.card.slug: one for one in known.models}
    assert set(by_slug) == {"ease", "markov", "popularity"}
    assert by_slug["popularity"].values["SNIPS"].value > 0.9
    page = open_section(view)
    told = [one.value for one in page.markdown]
    assert any(
        one.startswith(f"**{FEWEST}** places were left to chance before **5** visitors, and **{known.rewarded}**")
        for one in told
    )
    assert not page.exception


def test_a_model_is_asked_about_what_the_person_had_rated_by_then(opened: House, me: int) -> None:
    with opened.database.session() as rows:
        ratings.put(rows, me, 1200, 4.0)
        ratings.put(rows, me, 589, 5.0)
        ratings.put(rows, me, 1200, 2.0)
        ratings.remove(rows, me, 589)
        happened = [event.happened for event in ratings.events(rows, me)]
    index = opened.dataset.catalog.index_of
    now, before, never = bridge.people_at(opened, [(me, happened[-1] + 1), (me, happened[2]), (me, happened[0])])
    assert now.items.tolist() == index([1200]).tolist()
    assert now.ratings.tolist() == [2.0]
    assert dict(zip(before.items.tolist(), before.ratings.tolist(), strict=True)) == {
        int(index([1200])[0]): 4.0,
        int(index([589])[0]): 5.0,
    }
    assert never.items.tolist() == []
    assert now.version == bridge.person(opened, me).version
    assert len({now.version, before.version, never.version}) == 3


def test_the_simulator_keeps_what_it_found(opened: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert regret.regrets() is None
    monkeypatch.setattr("app.regret.work_out", lambda dataset, note: found())
    assert regret.main() == 0
    assert regret.regrets() == found()
    monkeypatch.setattr("app.regret.work_out", lambda dataset, note: pytest.fail("it is there already"))
    assert regret.main() == 0


def test_what_cannot_be_played_is_told_and_not_tried_again_and_again(
    opened: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(dataset: object, note: object) -> Regrets:
        raise MarqueeError("Regret needs two people with 54 ratings or more each.")

    monkeypatch.setattr("app.regret.work_out", fails)
    assert regret.main() == 1
    assert regret.progress() == (0.0, "Regret needs two people with 54 ratings or more each.")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    monkeypatch.setattr("app.regret._at_it", ended)
    regret.begin()
    assert regret._at_it is ended


def test_a_process_of_its_own_ends_with_the_house(
    opened: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    regret.begin()
    first = regret._at_it
    regret.begin()
    assert regret._at_it is first, "one at a time"
    assert isinstance(first, subprocess.Popen)
    assert first.stdin is not None
    first.stdin.close()
    assert first.wait(60) is not None
    regret._at_it = None
