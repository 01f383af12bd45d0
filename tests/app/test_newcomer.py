"""Cold start, Newcomer: figures by the number of ratings shown, what is not measured, and the list with fewer ratings."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import bridge, newcomers, workshop
from app.components.named_lines import Line, ends, place
from app.newcomers import Course, Point
from app.resources import House
from app.views.cold_start import newcomer
from app.workshop import Metric
from db import jobs, model_versions, ratings
from recommender.models.base import ModelCard
from recommender.serving.answers import Person

View = Callable[..., AppTest]
POPULARITY = {0: 0.27, 3: 0.28, 20: 0.32}
EASE = {0: 0.27, 3: 0.18, 20: 0.38}


def text(page: AppTest) -> str:
    return "\n".join(part.value for part in [*page.markdown, *page.caption])


def figure(value: float) -> dict[str, Any]:
    return {"value": value, "low": value - 0.02, "high": value + 0.02, "n": 129}


def measured(house: House, slug: str, values: dict[int, float]) -> None:
    """Enter what the worker would have found."""
    version = next(model.version for model in house.engine.served() if model.card.slug == slug)
    levels: dict[str, Any] = {}
    for shown, value in values.items():
        levels[str(shown)] = {"ndcg@10": figure(value), "hr@10": figure(2 * value)}
        if slug != "popularity":
            levels[str(shown)] |= {"lead": figure(value - POPULARITY[shown]), "baseline": figure(POPULARITY[shown])}
    with house.database.session() as rows:
        model_versions.add(rows, slug, version, 1.0, "abc")
        model_versions.measured(rows, slug, version, {"cold-user": {"levels": levels}})


def rate(house: House, me: int, count: int) -> list[int]:
    """The visitor rates `count` movies that EASE knows."""
    movie_ids = [1, 260, 296, 318, 356, 480, 527, 589][:count]
    with house.database.session() as rows:
        for at, movie_id in enumerate(movie_ids):
            ratings.put(rows, me, movie_id, 4.5, at=1_000_000 + at)
    return movie_ids


def test_what_is_not_measured_is_said_and_asked_for(view: View, opened: House) -> None:
    page = view("cold_start")
    assert not page.exception
    assert "No model has been measured yet" in text(page)
    assert "Not measured yet: EASE, Markov" in text(page)
    assert not page.get("vega_lite_chart")
    page.button(key="measure_newcomers").click().run()
    with opened.database.reading() as rows:
        waiting = {(job.kind, job.model, str(job.settings)) for job in jobs.active(rows)}
    assert waiting == {("evaluate", slug, "{'protocol': 'cold-user'}") for slug in ("ease", "markov")}
    assert "Not measured yet" not in text(page), "it is being done"
    assert "wait to be measured" in text(page)


def test_the_sentence_says_plainly_who_beats_popularity_and_who_does_not(view: View, opened: House) -> None:
    measured(opened, "popularity", POPULARITY)
    measured(opened, "ease", EASE)
    measured(opened, "markov", {0: 0.27, 3: 0.30, 20: 0.29})
    page = view("cold_start")
    assert not page.exception
    assert "With **3** ratings (you have **0**) Markov is best: NDCG@10 **.300** against popularity’s **.280**" in text(
        page
    )
    assert "**+.020**, +.000 to +.040" in text(page)
    assert "EASE needs about **20** to pass popularity; before that it is up to **.100** behind." in text(page)
    assert len(page.get("vega_lite_chart")) == 1
    assert "129 people were held out whole" in text(page)


def test_only_the_version_that_serves_counts(view: View, opened: House) -> None:
    with opened.database.session() as rows:
        model_versions.add(rows, "ease", "an-older-one", 1.0, "abc")
        model_versions.measured(rows, "ease", "an-older-one", {"cold-user": {"levels": {"3": {"ndcg@10": figure(1)}}}})
    assert newcomers.courses(workshop.shelf()) == {}


def test_forgetting_shows_the_list_of_fewer_ratings_and_deletes_nothing(view: View, opened: House, me: int) -> None:
    rate(opened, me, 5)
    page = view("cold_start")
    assert "This is EASE’s list after all **5** of your ratings" in text(page)
    page.slider(key="forget").set_value(3).run()
    assert not page.exception
    assert "With your first **2** of 5 ratings EASE would show you" in text(page)
    page.slider(key="forget").set_value(5).run()
    assert "you have not rated anything yet" in text(page)
    with opened.database.reading() as rows:
        assert len(ratings.of(rows, me)) == 5
        ratings.remove(rows, me, 1)
        rows.commit()
    page.run()
    assert not page.exception, "four are left, and five were to be forgotten"
    assert "This is EASE’s list after all **4** of your ratings" in text(page)


def test_the_imagined_list_is_that_of_somebody_with_those_ratings(view: View, opened: House, me: int) -> None:
    rate(opened, me, 5)
    page = view("cold_start")
    page.slider(key="forget").set_value(3).run()
    assert not page.exception
    person = bridge.person(opened, me)
    first = Person(person.items[:2], person.ratings[:2], person.timestamps[:2], "somebody")
    alone = opened.engine.answer(first, ["ease"], 10)["ease"].items.tolist()
    full = opened.engine.answer(person, ["ease"], 100)["ease"].items.tolist()
    other = sum(item not in full[:10] for item in alone)
    assert f"**{other} of 10** other movies" in text(page)


def test_nothing_to_forget_is_said(view: View) -> None:
    page = view("cold_start")
    assert "You have rated **0** movies, so there is nothing to forget" in text(page)
    assert "forget" not in {slider.key for slider in page.slider}


def course(card: ModelCard, leads: dict[int, float]) -> Course:
    metric = Metric(0.2, 0.1, 0.3, 9)
    return Course(card, {n: Point({"ndcg@10": metric}, Metric(x, x - 1, x + 1, 9), 0.2) for n, x in leads.items()})


@pytest.mark.parametrize(
    ("leads", "passes"),
    [
        ({0: 0, 1: 0.1, 3: 0.2}, 1),
        ({0: 0, 1: -0.1, 3: 0.2}, 3),
        ({0: 0, 1: 0.1, 3: -0.2, 5: 0.1}, 5),
        ({0: -1, 1: 0.1}, 1),
        ({0: 0, 1: 0.1, 3: -0.2}, None),
    ],
)
def test_from_when_on_a_model_is_never_behind(opened: House, leads: dict[int, float], passes: int | None) -> None:
    assert course(opened.cards["ease"], leads).passes == passes


def test_the_level_of_a_visitor_is_the_largest_that_they_have(opened: House) -> None:
    made = course(opened.cards["ease"], {0: 0, 1: 0, 5: 0})
    assert [made.at(rated) for rated in (0, 1, 4, 5, 400)] == [0, 1, 1, 5, 5]


def test_a_lead_within_its_interval_may_be_luck() -> None:
    assert newcomer.lead(Metric(0.03, -0.01, 0.07, 9)) == "**+.030**, −.010 to +.070: that may be luck"
    assert "luck" not in newcomer.lead(Metric(-0.05, -0.09, -0.01, 9))


def test_a_place_on_uneven_steps() -> None:
    steps = (0, 1, 2, 3, 5, 10, 20)
    assert [place(steps, value) for value in (0, 1, 4, 5, 15, 20, 900)] == [0, 1, 3.5, 4, 5.5, 6, 6]


def line(name: str, value: float, thick: bool = False) -> Line:
    return Line(name, "#fff", {20: Metric(value, value, value, 9)}, thick=thick)


def test_names_at_the_ends_never_overprint_each_other_and_the_thick_ones_are_all_there() -> None:
    lines = [line("a", 0.5, True), line("b", 0.5, True), line("c", 0.52), line("d", 0.1), line("e", 0.11)]
    placed = ends(lines, 1.0)
    heights = sorted(height for _, height in placed)
    assert {one.name for one, _ in placed} == {"a", "b", "e"}
    assert all(high - low >= 0.062 - 1e-9 for low, high in pairwise(heights))
