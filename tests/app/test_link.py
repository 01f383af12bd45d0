"""A one-time link: a look does not use it up, a press makes this device the same person, a second press says so."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.identity import COOKIE
from app.resources import House
from app.routes.link import routes
from db import people


@pytest.fixture
def path(opened: House, me: int) -> str:
    with opened.database.session() as rows:
        return f"/link/{people.new_link(rows, me)}"


def test_only_a_press_uses_the_link_and_only_once(opened: House, me: int, path: str) -> None:
    device = TestClient(Starlette(routes=routes), follow_redirects=False)
    for _ in range(2):
        assert "Continue here" in device.get(path).text
    answer = device.post(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/my_ratings?link=done")
    with opened.database.reading() as rows:
        person = people.by_token(rows, answer.cookies[COOKIE])
        assert person is not None
        assert person.id == me
    again = TestClient(Starlette(routes=routes), follow_redirects=False).post(path)
    assert (again.status_code, again.headers["location"]) == (303, "/my_ratings?link=used")
    assert COOKIE not in again.cookies


def test_a_link_that_never_was(opened: House) -> None:
    answer = TestClient(Starlette(routes=routes), follow_redirects=False).post("/link/nonsense")
    assert answer.headers["location"] == "/my_ratings?link=used"
