"""The map of all movies: what the stage says, what browsers are told, and that one process alone draws it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from app import atlas
from app.components.movie_map import heat
from app.genre_groups import GROUPS, OTHER, group_of
from app.resources import House
from app.routes.maps import routes
from db import ratings
from recommender.errors import MarqueeError
from recommender.features.atlas import Atlas

View = Callable[..., AppTest]
STAGE = "The map"


@pytest.fixture
def drawn(opened: House) -> Atlas:
    """A map of the house: behaviour of the first hundred movies alone."""
    rng = np.random.default_rng(0)
    count = len(opened.dataset.catalog)
    text, behaviour = rng.random((2, count, 2), dtype=np.float32)
    behaviour[100:] = np.nan
    made = Atlas(text, behaviour)
    made.save(atlas.file())
    return made


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Nothing is drawn in these tests; says how often somebody wanted it."""
    wishes: list[bool] = []
    monkeypatch.setattr(atlas, "begin", lambda: wishes.append(True))
    return wishes


def said(page: AppTest) -> str:
    return " ".join(part.value for part in page.markdown)


@pytest.mark.usefixtures("drawn")
def test_the_stage_says_what_lies_near_to_what(view: View, begun: list[bool]) -> None:
    page = view("cold_start", stage=STAGE)
    assert not page.exception
    assert "**9,066** movies; neighbours **read alike**" in said(page)
    assert "Rate some, and your own way through them is drawn" in said(page)
    assert not begun


@pytest.mark.usefixtures("drawn")
def test_the_address_chooses_map_colour_and_movie(view: View, opened: House, me: int, begun: list[bool]) -> None:
    with opened.database.session() as rows:
        ratings.put(rows, me, int(opened.dataset.catalog.movie_ids[5]), 4.5)
        ratings.put(rows, me, int(opened.dataset.catalog.movie_ids[500]), 2)
    movie_id = int(opened.dataset.catalog.movie_ids[7])
    page = view("cold_start", stage=STAGE, by="behaviour", movie=str(movie_id))
    assert not page.exception
    assert "**100** movies; neighbours were rated by **the same people**" in said(page)
    assert "8,966 with fewer than **5** ratings have no place" in said(page)
    assert "Your **1** rating is the line" in said(page), "the other movie has no place"
    assert "on the map" in page.subheader[0].value
    page = view("cold_start", stage=STAGE, colour="model", model="ease")
    assert "The brighter, the higher in EASE’s list for you; its first **10** are ringed." in said(page)


@pytest.mark.usefixtures("drawn", "begun")
def test_what_the_address_asks_in_vain(view: View) -> None:
    page = view("cold_start", stage=STAGE, by="smell", colour="`x`", movie="99999999")
    assert not page.exception
    assert "There is no movie “99999999” on the map" in page.warning[0].value
    assert "**9,066** movies" in said(page)


@pytest.mark.usefixtures("drawn", "begun")
def test_a_movie_without_a_place_has_no_neighbours(view: View, opened: House) -> None:
    movie_id = int(opened.dataset.catalog.movie_ids[200])
    page = view("cold_start", stage=STAGE, by="behaviour", movie=str(movie_id))
    assert not page.exception
    assert not page.subheader


def test_the_first_visitor_has_it_drawn(view: View, begun: list[bool]) -> None:
    page = view("cold_start", stage=STAGE)
    assert not page.exception
    assert "is being drawn, once" in said(page)
    assert begun


def test_the_next_one_sees_how_far_it_is(view: View, begun: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas, "progress", lambda: atlas.Progress("Placing them", 0.4))
    page = view("cold_start", stage=STAGE)
    assert not page.exception
    assert not begun
    assert page.get("progress")[0].proto.text == "Placing them …"


def test_what_failed_is_told_and_can_be_tried_again(
    view: View, begun: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atlas, "progress", lambda: atlas.Progress("The disk is full.", 0.0, failed=True))
    page = view("cold_start", stage=STAGE)
    assert "The disk is full" in page.error[0].value
    assert not begun
    page.button(key="draw_again").click().run()
    assert begun


def test_the_process_draws_what_is_missing_and_says_why_it_could_not(
    opened: House, drawn: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*arguments: object, **named: object) -> Atlas:
        raise MarqueeError("No ink.")

    monkeypatch.setattr(atlas, "draw", fails)
    assert atlas.main() == 0, "it is there already"
    atlas.file().unlink()
    assert atlas.main() == 1
    assert atlas.progress() == atlas.Progress("No ink.", 0.0, failed=True)
    monkeypatch.setattr(atlas, "draw", lambda *arguments, **named: drawn)
    assert atlas.main() == 0
    assert atlas.progress() is None
    found = atlas.atlas()
    assert found is not None
    assert np.array_equal(found.text, drawn.text)


def test_one_process_alone_is_at_it(opened: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: object, **named: object) -> Atlas:
        raise AssertionError("drawn twice")

    monkeypatch.setattr(atlas, "draw", never)
    assert atlas.progress() is None
    with atlas._alone(atlas.file()) as alone:
        assert alone
        assert atlas.progress() is not None
        assert atlas.main() == 0
    assert atlas.progress() is None


def test_a_damaged_map_is_drawn_anew(opened: House) -> None:
    atlas.file().parent.mkdir(parents=True)
    atlas.file().write_bytes(b"torn")
    assert atlas.atlas() is None


def test_browsers_are_told_titles_and_places(opened: House, drawn: Atlas) -> None:
    client = TestClient(Starlette(routes=routes))
    answer = client.get(f"/map/{atlas.file().stem}.json")
    assert "immutable" in answer.headers["cache-control"]
    told = answer.json()
    count = len(opened.dataset.catalog)
    assert len(told["ids"]) == len(told["titles"]) == count
    assert told["behaviour"][200:] == [-1] * (2 * count - 200)
    np.testing.assert_allclose(np.array(told["text"]) / told["fine"], drawn.text.ravel(), atol=1e-4)
    assert set(told["groups"]) <= set(range(len(GROUPS)))
    assert client.get("/map/another.json").status_code == 404


def test_a_movie_without_any_place_is_left_out(opened: House) -> None:
    nowhere = np.full((len(opened.dataset.catalog), 2), np.nan, np.float32)
    somewhere = nowhere.copy()
    somewhere[3] = 0.5
    told = json.loads(gzip.decompress(atlas.page(opened, Atlas(somewhere, nowhere), [0] * len(nowhere))))
    assert told["items"] == [3]
    assert told["behaviour"] == [-1, -1]


def test_the_most_telling_genre_gives_the_colour() -> None:
    names = [group.name for group in GROUPS]
    assert names[group_of(["Animation", "Comedy"])] == "Animation & children"
    assert names[group_of(["Comedy", "Drama"])] == "Comedy"
    assert group_of([]) == group_of(["Nonesuch"]) == OTHER


def test_the_first_ranks_glow_and_what_is_rated_does_not() -> None:
    glow = heat(np.array([2, 0, 3, 9], np.int32), 4)
    assert glow[2] == 255
    assert glow[2] > glow[0] > glow[3]
    assert glow[1] == 0
