"""The front page answers to its name, too, and keeps what the address asks for."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.routes.front import routes


@pytest.mark.parametrize(("asked", "goes_to"), [("/for_you", "/"), ("/for_you?model=sasrec", "/?model=sasrec")])
def test_the_front_page_under_its_name(asked: str, goes_to: str) -> None:
    answer = TestClient(Starlette(routes=routes), follow_redirects=False).get(asked)
    assert (answer.status_code, answer.headers["location"]) == (307, goes_to)
