"""Posters by address: kept by browsers, never broken, and the real ones only where somebody can be asked."""

from __future__ import annotations

import asyncio
import logging

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.routes import posters
from app.routes.tmdb import Tmdb


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    known = {1: (b"<svg/>", '"tag"')}
    monkeypatch.setattr(posters, "drawing", known.get)
    monkeypatch.setattr(posters, "imdb_id", lambda movie_id: "tt0114709")
    monkeypatch.setattr(posters, "tmdb", lambda: None)
    return TestClient(Starlette(routes=posters.routes), follow_redirects=False)


def test_a_poster_is_kept_and_asked_for_by_its_tag(client: TestClient) -> None:
    first = client.get("/poster/1.svg")
    assert (first.status_code, first.headers["content-type"], first.content) == (200, "image/svg+xml", b"<svg/>")
    assert "max-age" in first.headers["cache-control"]
    again = client.get("/poster/1.svg", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_movie_that_is_not_there_is_a_picture_all_the_same(client: TestClient) -> None:
    for movie_id in (2, 10**30):
        answer = client.get(f"/poster/{movie_id}.svg")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.text.startswith("<svg")


def ask(handler: httpx.MockTransport, *imdb_ids: str) -> list[str | None]:
    """What a Tmdb before this transport answers, one after the other."""

    async def asking() -> list[str | None]:
        async with httpx.AsyncClient(transport=handler) as web:
            source = Tmdb("secret", web)
            return [await source.poster(imdb_id) for imdb_id in imdb_ids]

    return asyncio.run(asking())


def test_with_a_key_the_real_poster_is_shown(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/3/find/tt0114709"
        return httpx.Response(200, json={"movie_results": [{"poster_path": "/toy.jpg"}]})

    source = Tmdb("secret", httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    monkeypatch.setattr(posters, "tmdb", lambda: source)
    shown = client.get("/poster/1.svg")
    assert shown.status_code == 307
    assert shown.headers["location"] == "https://image.tmdb.org/t/p/w342/toy.jpg"


@pytest.mark.parametrize(
    "found", [{"movie_results": []}, {"movie_results": [{"poster_path": None}]}], ids=["unknown", "no picture"]
)
def test_a_movie_unknown_there_is_drawn(found: dict[str, object]) -> None:
    assert ask(httpx.MockTransport(lambda request: httpx.Response(200, json=found)), "tt1") == [None]


@pytest.mark.parametrize("kind", ["offline", "refused", "nonsense"])
def test_offline_it_asks_once_and_never_tells_the_key(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if kind == "offline":
            raise httpx.ConnectError("no network", request=request)
        return httpx.Response(401) if kind == "refused" else httpx.Response(200, text="<html>")

    with caplog.at_level(logging.DEBUG):
        assert ask(httpx.MockTransport(answer), "tt1", "tt2", "tt3") == [None, None, None]
    assert len(asked) == 1
    assert "secret" not in caplog.text


def test_every_movie_is_asked_about_once() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"movie_results": [{"poster_path": "/a.jpg"}]})

    assert len(set(ask(httpx.MockTransport(answer), "tt1", "tt1", "tt1"))) == 1
    assert len(asked) == 1
