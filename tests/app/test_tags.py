"""Tags on a movie's page."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from app.resources import House
from db import people, tags

View = Callable[..., AppTest]
ALIEN = 1214
PILLS, BOX = f"tags_{ALIEN}", f"new_tag_{ALIEN}"


def given(house: House, person: int) -> set[str]:
    """What the person gave Alien."""
    with house.database.reading() as rows:
        return tags.of(rows, person, ALIEN)


def test_a_tag_is_written_lit_and_taken_back(view: View, opened: House, me: int) -> None:
    page = view("movie", movie=str(ALIEN))
    page.text_input(key=BOX).set_value(" Haunted House in SPACE ").run()
    assert given(opened, me) == {"haunted house in space"}
    assert page.text_input(key=BOX).value == "", "ready for the next"
    assert page.pills(key=PILLS).value == ["haunted house in space"]
    page.pills(key=PILLS).set_value([]).run()
    assert given(opened, me) == set()
    assert not page.exception


def test_a_tag_of_others_is_taken_up_by_a_click(view: View, opened: House, me: int) -> None:
    with opened.database.session() as rows:
        for _ in range(2):
            tags.put(rows, people.create(rows)[0].id, ALIEN, "[slow](x) burn")
    page = view("movie", movie=str(ALIEN))
    assert page.pills(key=PILLS).options == ["\\[slow\\]\\(x\\) burn · 2"]
    assert page.pills(key=PILLS).value == []
    page.pills(key=PILLS).set_value(["[slow](x) burn"]).run()
    assert given(opened, me) == {"[slow](x) burn"}


def test_what_is_no_tag_is_said_and_stays_in_the_box(view: View, opened: House, me: int) -> None:
    with opened.database.session() as rows:
        for number in range(tags.MOST):
            tags.put(rows, me, ALIEN, f"tag {number}")
    page = view("movie", movie=str(ALIEN))
    page.text_input(key=BOX).set_value("one more").run()
    assert page.text_input(key=BOX).value == "one more", "nothing is lost"
    assert len(given(opened, me)) == tags.MOST
    assert not page.exception
