"""The cookie that makes a browser a visitor."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app.identity import COOKIE, VisitorCookie, give_cookie, is_token, new_token


def page(request: Request) -> Response:
    return HTMLResponse("<p>hello</p>")


def data(request: Request) -> Response:
    return JSONResponse({})


def redeemed(request: Request) -> Response:
    response = HTMLResponse("<p>you again</p>")
    give_cookie(response, "f" * 32, secure=False)
    return response


@pytest.fixture
def app() -> Starlette:
    routes = [Route("/", page), Route("/data", data), Route("/redeemed", redeemed)]
    return Starlette(routes=routes, middleware=[Middleware(VisitorCookie)])


def test_first_page_brings_a_token_that_scripts_cannot_read(app: Starlette) -> None:
    answer = TestClient(app).get("/")
    assert is_token(answer.cookies[COOKIE])
    header = answer.headers["set-cookie"].lower()
    assert "httponly" in header
    assert "samesite=lax" in header
    assert "secure" not in header


def test_secure_behind_https(app: Starlette) -> None:
    assert "Secure" in TestClient(app, base_url="https://marquee.example").get("/").headers["set-cookie"]
    assert "Secure" in TestClient(app).get("/", headers={"x-forwarded-proto": "https"}).headers["set-cookie"]


def test_same_browser_keeps_its_token(app: Starlette) -> None:
    browser = TestClient(app)
    first = browser.get("/").cookies[COOKIE]
    again = browser.get("/")
    assert "set-cookie" not in again.headers
    assert browser.cookies[COOKIE] == first


def test_two_browsers_are_two_visitors(app: Starlette) -> None:
    assert TestClient(app).get("/").cookies[COOKIE] != TestClient(app).get("/").cookies[COOKIE]


def test_only_pages_bring_a_cookie(app: Starlette) -> None:
    assert "set-cookie" not in TestClient(app).get("/data").headers


def test_a_made_up_token_is_replaced(app: Starlette) -> None:
    answer = TestClient(app, cookies={COOKIE: "admin"}).get("/")
    assert is_token(answer.cookies[COOKIE])


def test_a_route_that_gives_a_token_has_the_last_word(app: Starlette) -> None:
    answer = TestClient(app).get("/redeemed")
    assert answer.headers.get_list("set-cookie")[0].startswith(f"{COOKIE}={'f' * 32}")
    assert len(answer.headers.get_list("set-cookie")) == 1


def test_tokens_carry_128_bits() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000
    assert len(bytes.fromhex(new_token())) == 16
