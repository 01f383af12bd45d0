"""Release a movie: the stage, and a released movie on every page that shows movies."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import account, movies, releases, visitor
from app.imports import read
from app.resources import House, house
from app.titles import Filter
from db import ratings
from db import releases as stored
from db.errors import DatabaseError
from db.releases import FIRST_ID, Draft
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.training import train
from tests.app.conftest import TOKEN

View = Callable[..., AppTest]
STAGE = "Release a movie"
SCREAM = Draft("Scream of the Tests", 2026, ("Horror",), ("Wes Craven",), ("Neve Campbell",), "It screams.")
HORROR = (1258, 1219, 1214, 2288)
"""movie_ids of horror movies."""


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """One for all tests, so that its texts are analysed once."""
    return load("embedded")


@pytest.fixture(autouse=True)
def one_dataset(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every house opens with that one, and without a text model, which takes long to load."""
    monkeypatch.setattr("app.resources.load", lambda source: dataset)
    monkeypatch.setattr("recommender.features.texts.PACKAGE", "not_installed_here")


@pytest.fixture(scope="session")
def reader(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained model that reads what movies are."""
    store = ArtifactStore(tmp_path_factory.mktemp("reader"))
    train("contentknn", dataset, store, {"text": "lsa"})
    return store.root / "contentknn"


@pytest.fixture
def reading(opened: House, reader: Path) -> House:
    """The house with that model in it."""
    shutil.copytree(reader, opened.settings.models / "contentknn")
    opened.engine.refresh()
    return opened


@pytest.fixture
def fan(reading: House, me: int) -> int:
    """The visitor, who likes horror."""
    with reading.database.session() as rows:
        for movie_id in HORROR:
            ratings.put(rows, me, movie_id, 5)
    return me


@pytest.fixture
def out(reading: House, me: int) -> int:
    """A movie that the visitor released; its movie_id."""
    with reading.database.session() as rows:
        movie_id = stored.put(rows, me, SCREAM).movie_id
    releases.refresh()
    return movie_id


def fill(page: AppTest, draft: Draft) -> AppTest:
    """Write a movie into the form."""
    page.text_input(key="release_title").set_value(draft.title)
    if draft.year is not None:
        page.number_input(key="release_year").set_value(draft.year)
    page.multiselect(key="release_genres").set_value(list(draft.genres))
    page.text_area(key="release_plot").set_value(draft.plot or "")
    return page.run(timeout=120)


def said(page: AppTest) -> str:
    """All that stands on a page as text."""
    assert not page.exception
    parts = (page.markdown, page.warning, page.info, page.caption, page.error)
    return "\n".join(part.value for kind in parts for part in kind)


def test_a_movie_is_placed_as_it_is_typed(view: View, fan: int) -> None:
    page = view("cold_start", stage=STAGE)
    assert "Give it a **title**" in said(page)
    fill(page, SCREAM)
    text = said(page)
    assert "ContentKNN would show it to you at rank **" in text
    assert "**1 of 4** models can see it" in text
    assert "**3** cannot see it and never show it: EASE, Markov, Popularity" in text
    assert "nobody has rated this one" in text
    assert [part.value for part in page.subheader] == [
        "Where each model puts it",
        "Who would like it most, and why",
        "What reads like it",
        "Who cannot see it",
    ]
    assert page.button(key="release_go")


def test_somebody_new_sees_where_it_is_for_others(view: View, reading: House) -> None:
    text = said(fill(view("cold_start", stage=STAGE), SCREAM))
    assert "typical people" in text
    assert "show it to you" not in text
    assert "Rate a few movies" in text


def test_without_a_model_that_reads_the_page_says_which_to_train(view: View, opened: House) -> None:
    text = said(fill(view("cold_start", stage=STAGE), Draft("Anything")))
    assert "**None of 3** models here reads what movies are" in text
    assert "HybridMF" in text


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (Draft("生化 🎬", 3000), "3000 is no year"),
        (Draft("x", -5), "\\-5 is no year"),
        (Draft("x", plot="y" * 100_000), "this one has 100,000"),
        (Draft("x" * 300), "at most 200 characters"),
        (Draft("Alien", 1979), "is here already"),
        (Draft("alien", 1979), "is here already"),
    ],
)
def test_what_cannot_be_released_is_said_and_stays_in_the_form(
    view: View, fan: int, draft: Draft, sentence: str
) -> None:
    page = fill(view("cold_start", stage=STAGE), draft)
    assert sentence in said(page)
    assert not [button for button in page.button if button.key == "release_go"]
    assert page.text_input(key="release_title").value == draft.title
    assert (page.text_area(key="release_plot").value or "") == (draft.plot or "")
    assert releases.own() == []


@pytest.mark.parametrize(
    ("draft", "note"),
    [
        (Draft("生化 🎬"), "Without a plot the text is title, genres and people alone"),
        (Draft("x", genres=("Splatterpunk",), plot="y"), "is no genre of any movie here"),
    ],
)
def test_what_models_do_not_understand_is_said_and_no_hindrance(view: View, fan: int, draft: Draft, note: str) -> None:
    page = fill(view("cold_start", stage=STAGE), draft)
    assert note in said(page)
    assert page.button(key="release_go")


def test_a_released_movie_is_found_shown_and_placed_like_any_other(
    view: View, fan: int, out: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    movie = movies.by_id(out)
    assert movie is not None
    assert (movie.released, movie.label, movie.plot) == (True, "Scream of the Tests (2026)", "It screams.")
    assert releases.titles().search("scream of tests")[0] == movie.item
    assert movie.item in releases.titles().search("", Filter(people=frozenset({"Wes Craven"})))
    text = said(view("movie", movie=str(out)))
    assert "You released it here" in text
    assert "no model reads them" in text
    assert "**ContentKNN** likes it best for you" in text
    monkeypatch.setattr("app.visitor.token", lambda: "cd" * 16)
    assert "A visitor released it here" in said(view("movie", movie=str(out)))


def test_its_poster_is_drawn_also_in_a_process_that_has_not_heard_of_it(reading: House, me: int) -> None:
    from app.routes.posters import drawing

    assert drawing(FIRST_ID + 1) is None
    with reading.database.session() as rows:
        movie_id = stored.put(rows, me, SCREAM).movie_id
    drawn = drawing(movie_id)
    assert drawn is not None
    assert b"SCREAM OF THE TESTS" in drawn[0]
    assert b"#f2a33a" in drawn[0], "the flag that says that it was released"


def test_its_rating_is_kept_counted_taken_home_and_brought_back(
    fan: int, out: int, reading: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.visitor.token", lambda: TOKEN)
    with reading.database.session() as rows:
        ratings.put(rows, fan, out, 4.5)
    person = visitor.history()
    movie = movies.by_id(out)
    assert movie is not None
    assert movie.item in person.items
    assert movie.item not in reading.engine.releases.read(person).items
    exported = account.take_home()()
    back = read(exported, releases.everything(), releases.lookup())
    assert {row.entry.movie_id: row.entry.stars for row in back.matched}[out] == 4.5


def test_withdrawing_says_what_becomes_of_ratings_and_can_be_taken_back(view: View, fan: int, out: int) -> None:
    with house().database.session() as rows:
        ratings.put(rows, fan, out, 5)
    page = view("cold_start", stage=STAGE)
    assert "**One** person has rated it; that rating stays in their list and is not lost" in said(page)
    page.button(key=f"withdraw_{out}").click().run()
    assert releases.titles().search("scream of tests").tolist().count(movies.by_id(out).item) == 0
    assert movies.by_id(out) is not None, "whoever rated it still sees what it was"
    assert "no list and no search shows it" in said(view("movie", movie=str(out)))
    assert "Scream of the Tests" in said(view("my_ratings")) or visitor.stars()[out] == 5
    page = view("cold_start", stage=STAGE)
    page.button(key=f"restore_{out}").click().run()
    assert releases.titles().search("scream of tests")[0] == movies.by_id(out).item


def test_nobody_withdraws_what_is_not_theirs(reading: House, out: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.visitor.token", lambda: "cd" * 16)
    with pytest.raises(DatabaseError, match="Only whoever released"):
        releases.withdraw(out)


def test_a_real_movie_is_told_beside_what_happened(view: View, fan: int) -> None:
    page = view("cold_start", stage=STAGE)
    page.segmented_control(key="release_kind").set_value("A real one, as if it were new").run(timeout=120)
    text = said(page)
    assert "loved it" in text
    assert "50 is chance" in text
    assert "How honest is this?" in text
