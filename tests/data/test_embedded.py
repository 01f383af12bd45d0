"""The embedded data set is what it says, and its build makes it from published files."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from recommender.data import embedded
from recommender.data.build import FILMS, MOVIES, RATINGS, build
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.errors import MarqueeError


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load("embedded")


def test_every_rating_person_and_movie_is_there(dataset: Dataset) -> None:
    log = dataset.interactions
    assert (len(log), log.n_users, len(dataset.catalog)) == (100_004, 671, 9_066)
    assert {float(stars) for stars in set(log.rating.tolist())} == {n / 2 for n in range(1, 11)}
    assert (log.item >= 0).all()
    assert (int(log.timestamp.min()), int(log.timestamp.max())) == (789_652_009, 1_476_640_644)


def test_most_movies_know_their_film(dataset: Dataset) -> None:
    known = dataset.catalog.frame["imdb_id"].is_not_null()
    assert known.mean() > 0.82
    assert known.to_numpy()[dataset.interactions.item].mean() > 0.94
    imdb_ids = dataset.catalog.frame["imdb_id"].drop_nulls()
    assert imdb_ids.n_unique() == len(imdb_ids), "no film serves two movies"


@pytest.mark.parametrize(
    ("movie_id", "title", "year", "imdb_id", "director"),
    [
        (1, "Toy Story", 1995, "tt0114709", "John Lasseter"),
        (32, "Twelve Monkeys", 1995, "tt0114746", "Terry Gilliam"),
        (318, "The Shawshank Redemption", 1994, "tt0111161", "Frank Darabont"),
        (2571, "The Matrix", 1999, "tt0133093", None),
        (296, "Pulp Fiction", 1994, "tt0110912", "Quentin Tarantino"),
    ],
)
def test_well_known_movies(
    dataset: Dataset, movie_id: int, title: str, year: int, imdb_id: str, director: str | None
) -> None:
    row = dataset.catalog.frame.row(int(dataset.catalog.index_of([movie_id])[0]), named=True)
    assert (row["title"], row["year"], row["imdb_id"]) == (title, year, imdb_id)
    assert director is None or director in row["directors"]


def test_titles_are_as_on_a_poster(dataset: Dataset) -> None:
    titles = dataset.catalog.frame["title"]
    assert titles.null_count() == 0
    assert not titles.str.contains(r", (The|A|An)$").any()
    assert not titles.str.contains(r"\(\d{4}\)$").any()
    assert not (dataset.catalog.frame["genres"].list.contains("(no genres listed)").fill_null(False)).any()


def test_a_missing_file_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "ASSETS", tmp_path)
    with pytest.raises(MarqueeError, match=r"incomplete: .* is missing; check the project out again"):
        embedded.read()


def published(folder: Path) -> None:
    """A made-up source: three movies, of which two have a film, and four ratings."""
    pl.DataFrame(
        {"user_id": [1, 1, 2, 2], "movie_id": [1, 2, 1, 3], "rating": [5.0, 1.0, 4.0, 3.0], "timestamp": [1, 2, 3, 4]}
    ).write_parquet(folder / RATINGS)
    pl.DataFrame(
        {
            "movie_id": [1, 2, 3],
            "title": ["Matrix, The", "Haine, La (Hate)", None],
            "year": [1999, 1995, None],
            "genres": ["Action|Sci-Fi", "(no genres listed)", None],
        }
    ).write_parquet(folder / MOVIES)
    text = {"certificate": "R", "directors": "Ann Lee, Bo Li", "writers": "E F", "cast": "C D", "countries": "France"}
    films = [
        {
            "imdb_id": "tt1",
            "title": "The Matrix",
            "year": 1999,
            "genres": "Action",
            "runtime_minutes": 136.0,
            "oscars": 4.0,
        },
        {
            "imdb_id": "tt2",
            "title": "La Haine",
            "year": 1995,
            "genres": "Drama",
            "runtime_minutes": None,
            "oscars": None,
        },
        {"imdb_id": "tt3", "title": "Another", "year": 1995, "genres": "Drama", "runtime_minutes": 90.0, "oscars": 0.0},
    ]
    pl.DataFrame([{**row, **text, "languages": "French", "awards": None} for row in films]).write_parquet(
        folder / FILMS
    )


def test_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, assets = tmp_path / "source", tmp_path / "assets"
    source.mkdir()
    published(source)
    report = build(source, assets)
    assert (report.movies, report.ratings) == (3, 4)
    assert report.matched_movies == pytest.approx(2 / 3)
    assert report.matched_ratings == pytest.approx(3 / 4)
    assert report.size_bytes == sum(path.stat().st_size for path in assets.rglob("*.parquet"))
    assert "a film was found for 66.7% of the movies and 75.0% of the ratings" in str(report)

    monkeypatch.setattr(embedded, "ASSETS", assets)
    built = load("embedded")
    first, second, third = built.catalog.frame.iter_rows(named=True)
    assert (first["title"], first["imdb_id"], first["runtime_minutes"], first["oscars"]) == (
        "The Matrix",
        "tt1",
        136,
        4,
    )
    assert first["directors"] == ["Ann Lee", "Bo Li"]
    assert (second["title"], second["alternative_titles"], second["genres"]) == ("La Haine", ["Hate"], [])
    assert (third["title"], third["imdb_id"]) == ("Movie 3", None)
    assert built.interactions.rating.tolist() == [5, 1, 4, 3]


def test_build_without_its_files_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MarqueeError, match=f"has no {RATINGS}; the embedded data set is built from"):
        build(tmp_path, tmp_path / "assets")
