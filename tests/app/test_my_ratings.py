"""My ratings: what was rated, the way back, files in and out."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from app import personas
from app.resources import House
from app.views import my_ratings
from db import people, ratings
from db.ratings import Entry

View = Callable[..., AppTest]


def text(test: AppTest) -> str:
    """Everything that the page says in Markdown."""
    return "\n".join(part.value for part in test.markdown)


def test_nothing_rated_leads_on(view: View) -> None:
    page = view("my_ratings")
    assert not page.exception
    assert "You have rated **0** movies" in text(page)
    assert not [button for button in page.button if button.key in ("undo_latest", "delete_all")]


def test_an_import_is_told_and_undone_as_one(view: View, opened: House, me: int) -> None:
    with opened.database.session() as rows:
        ratings.put(rows, me, 1, 5)
        ratings.put_many(rows, me, [Entry(movie, 3.0, 1_000_000_000 + movie) for movie in (2, 3, 6)])
    page = view("my_ratings")
    assert not page.exception
    assert "You have rated **4** movies, **3.5 ★** on average, since **9 September 2001**" in text(page)
    assert page.button(key="undo_latest").label == "Undo the import of 3 ratings"
    page.button(key="undo_latest").click().run()
    assert "You have rated **1** movie, **5.0 ★**" in text(page)
    page.button(key="undo_latest").click().run()
    assert "You have rated **0** movies" in text(page)


def test_delete_all_comes_back_with_undo(view: View, opened: House, me: int) -> None:
    with opened.database.session() as rows:
        ratings.put_many(rows, me, [Entry(movie, 4.0, 100) for movie in (1, 2, 3)])
    page = view("my_ratings")
    page.button(key="delete_all").click().run()
    assert "You have rated **0** movies" in text(page)
    assert page.button(key="undo_latest").label == "Undo the removal of 3 ratings"
    page.button(key="undo_latest").click().run()
    assert "You have rated **3** movies" in text(page)


def test_ten_thousand_ratings_come_in_pages(view: View, opened: House, me: int) -> None:
    movie_ids = opened.dataset.catalog.movie_ids.tolist()
    with opened.database.session() as rows:
        ratings.put_many(rows, me, [Entry(movie, 3.5, place) for place, movie in enumerate(movie_ids)])
    page = view("my_ratings")
    assert not page.exception
    assert f"You have rated **{len(movie_ids):,}** movies" in text(page)


def test_a_persona_can_be_borrowed_on_top_and_given_back(view: View, opened: House, me: int) -> None:
    loved = next(movie.movie_id for movie, _ in personas.casts()[0].ratings)
    with opened.database.session() as rows:
        ratings.put_many(rows, me, [Entry(movie, 2.5, 100) for movie in (loved, 30, 31, 32)])
    page = view("my_ratings")
    page.button(key="be_horror_fan").click().run()
    assert not page.exception
    assert "You have rated **11** movies" in text(page)
    assert page.button(key="undo_latest").label == "Undo the import of 8 ratings"
    page.button(key="undo_latest").click().run()
    assert "You have rated **4** movies" in text(page)
    with opened.database.reading() as rows:
        assert {rating.stars for rating in ratings.of(rows, me)} == {2.5}


def test_an_import_of_several_people_asks_which_one_is_the_visitor(view: View, opened: House, me: int) -> None:
    page = view("my_ratings")
    lines = [
        "userId,movieId,rating,timestamp",
        "7,1,4.0,100",
        "7,2,3.0,101",
        "8,3,1.5,102",
        "8,6,5.0,103",
        "8,10,2.0,104",
    ]
    page.file_uploader[0].upload("ratings.csv", "\n".join(lines).encode(), "text/csv").run()
    assert not page.exception
    assert "This file holds ratings of 2 people" in text(page)
    assert not [button for button in page.button if button.key == "import_go"]
    page.selectbox[0].set_value("8").run()
    assert page.button(key="import_go").label == "Import 3 ratings"
    page.button(key="import_go").click().run()
    with opened.database.reading() as rows:
        assert {rating.movie_id: rating.stars for rating in ratings.of(rows, me)} == {3: 1.5, 6: 5.0, 10: 2.0}


def test_a_nickname_is_shown_as_plain_text(view: View, opened: House, me: int) -> None:
    with opened.database.session() as rows:
        people.rename(rows, me, "<script>*x*</script>")
    page = view("my_ratings")
    assert "\\<script\\>\\*x\\*" in text(page)


def test_a_link_to_another_device_is_shown_with_its_address(view: View, me: int) -> None:
    page = view("my_ratings")
    page.button(key="new_link").click().run()
    assert not page.exception
    assert "/link/" in page.code[0].value


def test_what_became_of_a_link_is_said(view: View) -> None:
    assert "used already" in view("my_ratings", link="used").warning[0].value
    assert "This device is you now" in view("my_ratings", link="done").success[0].value


def test_months_are_headings_newest_first(opened: House) -> None:
    newest = [Entry(1, 4.0, 1_704_200_000), Entry(2, 3.0, 1_704_100_000), Entry(3, 5.0, 1_700_000_000)]
    groups = my_ratings.groups(newest)
    assert [(group.heading, [row.movie_id for row in group.rows]) for group in groups] == [
        ("January 2024", [1, 2]),
        ("November 2023", [3]),
    ]
