"""Learning live in the app: a stored rating is learned before the next list, by itself, and the section tells of it in words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import account, bridge, first_set, learning, lessons, visitor
from app.resources import House
from db import DatabaseError, people, ratings
from db.ratings import Entry
from recommender.models.abilities import Meeting
from recommender.serving.answers import Served
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.engine import Engine
from recommender.serving.training import train

View = Callable[..., AppTest]
SECTION = "Learning live"
BOTH = ("ftrl", "adpredictor")


@pytest.fixture
def house(opened: House, me: int, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house in which both are trained, on little; the visitor has rated one movie before that."""
    monkeypatch.setattr("app.visitor.token", lambda: "ab" * 16)
    monkeypatch.setattr("app.visitor.person_id", lambda: me)
    with opened.database.session() as rows:
        ratings.put(rows, me, 260, 4.5)
    data = bridge.for_training(opened.database, opened.dataset)
    for slug in BOTH:
        train(slug, data, ArtifactStore(opened.settings.models), {"newest": 1_000})
    opened.engine.refresh()
    return opened


def text(page: AppTest) -> str:
    return "\n".join(part.value for part in (*page.markdown, *page.info, *page.caption))


def test_a_rating_is_learned_before_the_next_list(house: House) -> None:
    before = house.engine.answer(visitor.history(), BOTH)
    visitor.rate(1, 5.0)
    assert [(lesson.learnt.stars, lesson.learnt.yes) for lesson in lessons.lessons("ftrl")] == [(5.0, True)]
    visitor.rate(2, 0.5)
    visitor.rate(2, None)
    for slug in BOTH:
        assert [lesson.learnt.stars for lesson in lessons.lessons(slug)] == [0.5, 5.0], (
            "the last first; none of the time before"
        )
        assert house.engine.answer(visitor.history(), [slug])[slug].version != before[slug].version


def test_what_takes_long_to_work_out_is_not_worked_out_anew_for_each_rating(house: House) -> None:
    def served() -> Served:
        return next(one for one in house.engine.served() if one.card.slug == "ftrl")

    visitor.rate(1, 5.0)
    first, opening = served(), first_set.prepare(served())
    visitor.rate(2, 5.0)
    assert served() is not first
    assert first_set.prepare(served()) is opening
    opening.cancel()


def test_what_is_undone_or_changed_in_degree_teaches_nothing(house: House) -> None:
    visitor.rate(1, 5.0)
    visitor.rate(1, 4.0)
    visitor.undo()
    visitor.undo()
    assert [lesson.learnt.stars for lesson in lessons.lessons("ftrl")] == [5.0]


def test_an_import_is_learned_with_what_came_before_each(house: House) -> None:
    account.bring_in([Entry(movie, 4.0, 1_000.0 + movie) for movie in (1, 2, 3)])
    given = bridge.given_after(house.database, house.dataset.catalog, 0)
    index = house.dataset.catalog.index_of
    assert [one.item for one in given] == index([260, 1, 2, 3]).tolist()
    assert given[-1].before.items.tolist() == index([1, 2, 260]).tolist(), "in the order of the time that they carry"
    assert given[-1].before.ratings.tolist() == [4.0, 4.0, 4.5]
    assert [lesson.learnt.item for lesson in lessons.lessons("ftrl")] == index([3, 2, 1]).tolist()


def test_what_was_taken_away_is_not_read_any_more(house: House) -> None:
    visitor.rate(1, 5.0)
    visitor.rate(260, None)
    visitor.rate(2, 3.0)
    last = bridge.given_after(house.database, house.dataset.catalog, 0)[-1]
    assert last.before.items.tolist() == house.dataset.catalog.index_of([1]).tolist()


def test_a_house_that_opens_anew_has_learned_the_same(house: House) -> None:
    for movie, stars in ((1, 5.0), (2, 1.0), (3, 4.0)):
        visitor.rate(movie, stars)
    again = Engine(house.dataset.catalog, house.dataset.interactions, ArtifactStore(house.settings.models))
    again.listen(lambda number: bridge.given_after(house.database, house.dataset.catalog, number))
    person = visitor.history()
    for slug in BOTH:
        one, other = house.engine.answer(person, [slug])[slug], again.answer(person, [slug])[slug]
        assert one.version == other.version
        assert np.array_equal(one.items, other.items)
        assert np.array_equal(one.scores, other.scores)


def test_a_database_that_is_away_keeps_no_rating_from_being_stored(
    house: House, monkeypatch: pytest.MonkeyPatch, me: int
) -> None:
    def away(*_: object) -> None:
        raise DatabaseError("It is away.")

    with monkeypatch.context() as patched:
        patched.setattr("app.bridge.given_after", away)
        visitor.rate(1, 5.0)
    assert visitor.stars()[1] == 5.0
    assert lessons.lessons("ftrl") == []
    learning.listen()
    assert len(lessons.lessons("ftrl")) == 1


def test_doubts_are_told_from_rating_to_rating_of_the_visitors_and_of_nobody_else(house: House) -> None:
    visitor.rate(1, 5.0)
    with house.database.session() as rows:
        other = people.create(rows)[0].id
        ratings.put(rows, other, 1, 5.0)
    visitor.rate(2, 4.0)
    told = lessons.doubts(visitor.history(), "adpredictor")
    assert told is not None
    assert len(told.numbers) == 2
    assert told.belief.deviation.shape == (3, lessons.LIST)
    assert told.belief.deviation[-1].mean() < told.belief.deviation[0].mean(), "three likes say more than one"
    assert lessons.doubts(visitor.history(), "ftrl") is None


def test_weights_in_words(opened: House) -> None:
    toy = opened.dataset.catalog.index_of([1]).tolist()[0]
    other = toy + 1
    title = opened.dataset.catalog.frame["title"][other]
    said = {
        Meeting("everybody", "", ""): "anybody × any movie",
        Meeting("everybody", "", toy): "anybody × this movie",
        Meeting("everybody", "", "Ann", "directors"): "anybody × by Ann",
        Meeting("everybody", "", "1990s", "decade"): "anybody × the 1990s",
        Meeting("liked", "Comedy", toy): "liked Comedy × this movie",
        Meeting("disliked", "War", "Drama"): "disliked War × Drama",
        Meeting("movie", other, toy): f"liked {title} × this movie",
        Meeting("shared", "cast", ""): "same cast as what you liked",
    }
    assert {about: lessons.words(about, toy) for about in said} == said


def test_somebody_new_is_invited_to_rate(view: View, opened: House) -> None:
    page = view("models", section=SECTION)
    assert not page.exception
    assert "is not trained yet" in text(page)
    train("ftrl", opened.dataset, ArtifactStore(opened.settings.models), {"newest": 1_000})
    opened.engine.refresh()
    page = view("models", section=SECTION)
    assert not page.exception
    assert "You have rated **0** movies" in text(page)


def test_the_section_tells_of_the_last_rating(view: View, house: House) -> None:
    page = view("models", section=SECTION)
    assert not page.exception
    assert "Nothing of yours yet" in text(page)
    visitor.rate(1, 1.0)
    page = view("models", section=SECTION)
    assert not page.exception
    assert "was **a no**" in text(page)
    assert "Toy Story" in page.selectbox[0].options[0]
    assert "cannot say" in text(page), "FTRL knows no doubt"
    page = view("models", section=SECTION, live_model="AdPredictor")
    assert not page.exception
    assert "than before your last rating" in text(page)
    assert len(page.get("vega_lite_chart")) == 3
