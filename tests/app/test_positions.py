"""Position bias in Models: what this house's clicks say of places, what is said while they are too few, and the simulator beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import aside, position_trials, positions
from app.position_trials import NAIVE, TITLES, Experiment
from app.positions import FEWEST, FEWEST_PEOPLE, STRETCHES, Live, estimated, live
from app.resources import House
from db import impressions, people
from db.examination import AtPlace, PairAtPlace
from recommender.errors import MarqueeError
from recommender.evaluation.report import Metric
from recommender.unbiased.experiment import Place, Trained

View = Callable[..., AppTest]


def metric(value: float) -> Metric:
    return Metric(value=value, low=value - 0.02, high=value + 0.02, n=9)


def trial(clipped: int = 0) -> Experiment:
    """All as good as the truth, but naive."""
    ways = {
        way: Trained(
            ndcg=metric(0.6 if way == NAIVE else 0.7),
            behind=metric(0.1),
            agreement=metric(0.8 if way == NAIVE else -0.1),
        )
        for way in TITLES
    }
    curve = [Place(value=1 / k, low=0.9 / k, high=1.1 / k) for k in range(1, 21)]
    return Experiment(
        lists=1000, clicks=500, judges=9, seeds=1, floor=0.005, clipped={"ips_swap": clipped, "ips_em": 0}, trained=ways,
        curves=dict.fromkeys(("truth", "swap", "em", "dla", "tower"), curve),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, float]]]:
    """Whatever an earlier test asked is forgotten, and no trial is really played; those that are begun are told."""
    positions._asked = positions._known = None
    begun: list[tuple[str, float]] = []
    monkeypatch.setattr("app.position_trials.begin", lambda model, eta: begun.append((model, eta)))
    yield begun
    if positions._asked is not None:
        positions._asked[1].result()


def open_section(view: View, **query: str) -> AppTest:
    live()
    assert positions._asked is not None
    positions._asked[1].result()
    page = view("models", section="Position bias", **query)
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return "\n".join(one.value for one in [*page.markdown, *page.caption])


def charts(page: AppTest) -> int:
    return len(page.get("vega_lite_chart")) + len(page.get("arrow_vega_lite_chart"))


def test_too_few_clicks_are_told_and_the_curve_is_called_simulated(view: View, opened: House, me: int) -> None:
    with opened.database.session() as rows:
        impressions.record(rows, me, "ease", "1", "for_you", [1200, 589])
        impressions.record(rows, me, "markov", "1", "for_you", [589, 1200])
        impressions.outcome(rows, me, 1200, "opened")
    page = open_section(view)
    told = said(page)
    assert "**4** movies were shown here and **1** clicked. That is too little to tell place from liking" in told
    assert "Until then the curve is simulated" in told
    assert charts(page) == 1
    assert len(page.get("progress")) == 2  # clicks so far, and the trial that is being played


def test_an_empty_house_has_a_page_too(view: View, opened: House) -> None:
    assert "**0** movies were shown here and **0** clicked" in said(open_section(view))


def test_clicks_of_visitors_who_switch_models_make_the_curve(view: View, opened: House, me: int) -> None:
    """Each of six sees forty movies on top and further down; of their clicks, each where it was shown last, fourteen fall below."""
    ids = opened.dataset.catalog.movie_ids[:40].tolist()
    with opened.database.session() as rows:
        for person in (me, *(people.create(rows)[0].id for _ in range(5))):
            for at, movie in enumerate(ids):
                order = [("ease", 1), ("markov", 13)]
                for model, first in order[::-1] if at % 3 else order:
                    impressions.record(rows, person, model, "1", "for_you", [movie], first=first)
                impressions.outcome(rows, person, movie, "opened")
    page = open_section(view)
    known = live()[0]
    assert known is not None
    assert (known.clicks, known.telling, known.people) == (240, 240, 6)
    below = 14 * 6 / (240 - 14 * 6)
    assert known.stretches[4].value == pytest.approx(below, rel=0.01)
    told = said(page)
    assert "by **240** clicks of **6** visitors" in told
    assert "the curve is simulated" not in told


def test_stretches_are_counted_whole() -> None:
    """A movie that moved within one stretch tells nothing."""
    places = [AtPlace(1, 10, 4), AtPlace(3, 10, 2), AtPlace(24, 5, 1)]
    found = estimated(places, [PairAtPlace(1, 7, 1, 1, 1), PairAtPlace(1, 7, 3, 1, 0)])
    assert (found.shown, found.clicks, found.telling) == (25, 7, 0)
    assert (found.stretches[0].shown, found.stretches[0].clicks) == (20, 6)
    assert (found.stretches[-1].shown, found.stretches[-1].clicks) == (5, 1)
    assert not found.enough


def test_the_known_curve_is_found_though_who_rates_a_movie_sees_it_no_more() -> None:
    """Visitors with movies of their own relevance, shown at random stretches until clicked; stretch s is looked at with chance 1/s."""
    rng = np.random.default_rng(0)
    counts: dict[tuple[int, int, int], list[int]] = {}
    for person in range(60):
        for movie in range(100):
            relevance = rng.beta(1, 15)
            for _ in range(6):
                at = int(rng.integers(len(STRETCHES)))
                cell = counts.setdefault((person, movie, STRETCHES[at][0]), [0, 0])
                cell[0] += 1
                if rng.random() < relevance / (at + 1):
                    cell[1] += 1
                    break
    found = estimated([], [PairAtPlace(*key, *cell) for key, cell in counts.items()])
    assert found.enough
    for at, one in enumerate(found.stretches[1:], 2):
        assert one.low is not None
        assert one.high is not None
        assert one.low <= 1 / at <= one.high, found.stretches


def test_what_is_needed_is_both_clicks_and_visitors() -> None:
    pairs = [
        PairAtPlace(person, movie, place, 1, int(place == 1))
        for person in range(FEWEST_PEOPLE - 1)
        for movie in range(FEWEST)
        for place in (1, 4)
    ]
    assert not estimated([], pairs).enough
    assert estimated([], pairs).telling == FEWEST * (FEWEST_PEOPLE - 1)
    assert Live(0, 0, 0, 0, ()).enough is False


def test_the_simulator_says_who_learned_the_positions(
    view: View, opened: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.position_trials.found", lambda model, eta: trial())
    page = open_section(view)
    told = said(page)
    assert (
        "agrees with the order it was shown by **τ = 0.80** (the truth: -0.10) and reaches **.600** of **.700**."
        in told
    )
    assert "**IPS, swaps**, **IPS, EM**, **DLA**, **Position tower**" in told
    assert "No propensity had to be clipped" in told
    assert charts(page) == 3


def test_propensities_that_were_clipped_are_told(view: View, opened: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.position_trials.found", lambda model, eta: trial(clipped=6))
    assert "6 of 20 propensities lay below 0.005 and were clipped there" in said(open_section(view))


def test_the_knobs_stand_in_the_address(view: View, opened: House, nothing_asked: list[tuple[str, float]]) -> None:
    open_section(view, click_model="From the top down", eta="1.5")
    assert set(nothing_asked) == {("cascade", 1.5)}


def test_why_it_cannot_be_simulated_is_told(view: View, opened: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.position_trials.progress", lambda model, eta: (0.0, "There must be four."))
    assert "Clicks cannot be simulated on this data set: There must be four" in open_section(view).info[0].value


def test_a_trial_is_played_once_and_kept(opened: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert position_trials.found("position", 0.5) is None
    monkeypatch.setattr("app.position_trials.run", lambda *_, **__: trial())
    assert position_trials.main("position", 0.5) == 0
    assert position_trials.found("position", 0.5) == trial()
    assert position_trials.found("cascade", 0.5) is None
    monkeypatch.setattr("app.position_trials.run", lambda *_, **__: pytest.fail("it is there already"))
    assert position_trials.main("position", 0.5) == 0


def test_a_trial_that_fails_says_why_and_is_not_begun_again(opened: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> Experiment:
        raise MarqueeError("Nothing was clicked.")

    monkeypatch.setattr("app.position_trials.run", fails)
    assert position_trials.main("cascade", 2.0) == 1
    assert position_trials.progress("cascade", 2.0) == (0.0, "Nothing was clicked.")


def test_errands_are_done_one_at_a_time_and_end_with_the_house(opened: House) -> None:
    errands = aside.Errands("app.position_trials")
    assert errands.begin("position", "1")
    assert not errands.begin("position", "2")
    assert errands.running is not None
    assert errands.running.stdin is not None
    errands.running.stdin.close()
    assert errands.running.wait(60) is not None


def test_a_note_that_cannot_be_read_is_a_beginning(tmp_path: Path) -> None:
    file = tmp_path / "somewhere" / "x.json"
    assert aside.told(file) == (0.0, None)
    aside.tell(file, 0.5)
    assert aside.told(file) == (0.5, None)
    aside.finish(file, "{}")
    assert file.read_text() == "{}"
    assert aside.told(file) == (0.0, None)
