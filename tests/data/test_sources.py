"""Every form that a data set may come in; every mistake is one sentence."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.errors import MarqueeError

RATINGS = "userId,movieId,rating,timestamp\n7,10,4.0,100\n7,30,0.5,50\n9,10,5.0,70\n"
MOVIES = 'movieId,title,genres\n10,"Matrix, The (1999)",Action|Sci-Fi\n20,Haine La (Hate) (1995),(no genres listed)\n'
LINKS = "movieId,imdbId,tmdbId\n10,133093,603\n20,0113247,\n"
DAT = "7::10::4::100\n7::30::0.5::50\n9::10::5::70\n"
MOVIES_DAT = "10::Matrix, The (1999)::Action|Sci-Fi\n20::Café :: Noir (1995)::Drama\n"
TABLE = RATINGS.replace("userId,movieId", "user_id,movie_id")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to put a data set in."""
    made = tmp_path / "my data"
    made.mkdir()
    return made


def check_ratings(dataset: Dataset) -> None:
    """The three ratings above, sorted by person and time."""
    log, ids = dataset.interactions, dataset.catalog.movie_ids
    assert log.user_ids.tolist() == [7, 9]
    assert ids[log.item].tolist() == [30, 10, 10]
    assert log.rating.tolist() == [0.5, 4, 5]
    assert log.timestamp.tolist() == [50, 100, 70]
    assert [column.dtype for column in (log.user, log.item, log.rating, log.timestamp)] == [
        np.int32,
        np.int32,
        np.float32,
        np.int64,
    ]


def movie(dataset: Dataset, movie_id: int) -> dict:
    """One row of the catalogue."""
    return dataset.catalog.frame.row(int(dataset.catalog.index_of([movie_id])[0]), named=True)


def test_a_folder_in_grouplens_form(folder: Path) -> None:
    (folder / "ratings.csv").write_text(RATINGS)
    (folder / "movies.csv").write_text(MOVIES)
    (folder / "links.csv").write_text(LINKS)
    (folder / "README.txt").write_text("not read")
    dataset = load(folder)
    check_ratings(dataset)
    assert dataset.name == "my-data"
    assert dataset.catalog.movie_ids.tolist() == [10, 20, 30]
    matrix = movie(dataset, 10)
    assert (matrix["title"], matrix["year"], matrix["genres"]) == ("The Matrix", 1999, ["Action", "Sci-Fi"])
    assert matrix["imdb_id"] == "tt0133093"
    assert (movie(dataset, 20)["alternative_titles"], movie(dataset, 20)["genres"]) == (["Hate"], [])
    assert movie(dataset, 30)["title"] == "Movie 30", "only the ratings name it"


TAGS = 'userId,movieId,tag,timestamp\n7,10,Dark,1\n7,10,dark ,2\n8,10,"a b",3\n9,10,A  B,4\n9,10,chess,5\n9,10,,6\n9,10,bleak,7\n'
TAGS_DAT = "7::10::Dark::1\n8::10::who:: where::2\n"


@pytest.mark.parametrize(
    ("name", "content", "tags"),
    [
        ("tags.csv", TAGS, ["a b", "bleak", "chess", "dark"]),  # two people said "a b", one said "dark" twice
        ("tags.dat", TAGS_DAT, ["dark", "who:: where"]),
    ],
)
@pytest.mark.parametrize("with_movies", [True, False])
def test_tags(folder: Path, name: str, content: str, tags: list[str], with_movies: bool) -> None:
    (folder / "ratings.csv").write_text(RATINGS)
    (folder / name).write_text(content)
    if with_movies:
        (folder / "movies.csv").write_text(MOVIES)
    dataset = load(folder)
    assert movie(dataset, 10)["tags"] == tags
    assert movie(dataset, 30)["tags"] is None, "missing, not none"
    assert movie(dataset, 10)["title"] == ("The Matrix" if with_movies else "Movie 10")
    check_ratings(dataset)


def test_a_folder_with_nothing_but_ratings(folder: Path) -> None:
    (folder / "ratings.csv").write_text(RATINGS)
    dataset = load(str(folder))
    check_ratings(dataset)
    assert dataset.catalog.frame["title"].to_list() == ["Movie 10", "Movie 30"]


def test_the_double_colon_form(folder: Path) -> None:
    (folder / "ratings.dat").write_text(DAT)
    (folder / "movies.dat").write_text(MOVIES_DAT, encoding="latin-1")
    dataset = load(folder)
    check_ratings(dataset)
    assert movie(dataset, 20)["title"] == "Café :: Noir"


@pytest.mark.parametrize("inside", ["", "ml-small/"])
def test_a_zip(tmp_path: Path, inside: str) -> None:
    with zipfile.ZipFile(tmp_path / "ml-small.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{inside}ratings.csv", RATINGS)
        archive.writestr(f"{inside}movies.csv", MOVIES)
    dataset = load(tmp_path / "ml-small.zip")
    check_ratings(dataset)
    assert dataset.name == "ml-small"
    assert movie(dataset, 10)["title"] == "The Matrix"


@pytest.mark.parametrize(
    "text", [TABLE, RATINGS, "\ufeff" + TABLE, TABLE.replace("\n", "\r\n"), TABLE.replace(".0", "")]
)
def test_one_csv_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.csv").write_bytes(text.encode())
    check_ratings(load(tmp_path / "mine.csv"))


def test_columns_in_any_order_and_more_than_needed(tmp_path: Path) -> None:
    table = pl.read_csv(TABLE.encode()).with_columns(note=pl.lit("?"))
    table.select(sorted(table.columns)).write_csv(tmp_path / "mine.csv")
    check_ratings(load(tmp_path / "mine.csv"))


def test_one_parquet_file(tmp_path: Path) -> None:
    pl.read_csv(TABLE.encode()).write_parquet(tmp_path / "mine.parquet")
    check_ratings(load(tmp_path / "mine.parquet"))


HEADING = "user_id,movie_id,rating,timestamp\n"
BAD_TABLES = [
    ("", r"is empty; needed are rows of user_id, movie_id, rating, timestamp"),
    (HEADING, r"has a heading but not one rating below it"),
    ("a,b\n1,2\n", r"lacks user_id, movie_id, rating, timestamp: it has the columns a, b"),
    ("user_id,movie_id,rating\n1,2,3\n", r"lacks timestamp"),
    (HEADING + "1,2,6,4\n", r"1 of 1 ratings are not between 0.5 and 5 stars; the first is 6 in row 1"),
    (HEADING + "1,2,3,4\n1,2,0,4\n", r"1 of 2 ratings .* the first is 0 in row 2"),
    (HEADING + "1,2,nan,4\n", r"not between 0.5 and 5 stars"),
    (HEADING + "1,2,,4\n", r"rating is empty in 1 of 1 rows"),
    (HEADING + "one,2,3,4\n", r"is not a table of"),
    (HEADING + "1,2,good,4\n", r"is not a table of"),
    (HEADING + "1,99999999999999999999,3,4\n", r"is not a table of"),
    ("\x00\x01\x02", r"lacks|is not a table|empty"),
]


@pytest.mark.parametrize(("text", "sentence"), BAD_TABLES)
def test_a_bad_table_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(MarqueeError, match=sentence) as caught:
        load(tmp_path / "bad.csv")
    assert "\n" not in str(caught.value)
    assert "bad.csv" in str(caught.value)


def spoilt(folder: Path, name: str, content: str | bytes) -> None:
    (folder / "ratings.csv").write_text(RATINGS)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("movies.csv", "id,name\n1,A\n", r"movies.csv lacks movieId, title: it has id, name"),
        ("movies.csv", "movieId,title\nten,A\n", r"movies .*cannot be read"),
        ("movies.csv", "", r"movies .*cannot be read"),
        ("movies.csv", b"movieId,title\n10,\xff\xfe\n", r"movies .*cannot be read"),
        ("tags.csv", "movieId,word\n10,dark\n", r"tags.csv lacks userId, tag: it has movieId, word"),
        ("tags.csv", "userId,movieId,tag\n7,ten,dark\n", r"movies .*cannot be read"),
        ("tags.dat", "7::10::dark\n", r"tags.dat is not of the form UserID::MovieID::Tag::Timestamp"),
        ("movies.dat", "10,A,B\n", r"movies.dat is not of the form MovieID::Title::Genres"),
    ],
)
def test_bad_movies_are_one_sentence(folder: Path, name: str, content: str | bytes, sentence: str) -> None:
    spoilt(folder, name, content)
    with pytest.raises(MarqueeError, match=sentence) as caught:
        load(folder)
    assert "\n" not in str(caught.value)


def test_links_without_their_columns_are_one_sentence(folder: Path) -> None:
    spoilt(folder, "movies.csv", MOVIES)
    (folder / "links.csv").write_text("a,b\n1,2\n")
    with pytest.raises(MarqueeError, match=r"movies .*cannot be read"):
        load(folder)


def test_a_folder_without_ratings(folder: Path) -> None:
    with pytest.raises(MarqueeError, match=r"holds no ratings\.csv or ratings\.dat; put one there"):
        load(folder)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"not a zip at all"])
def test_a_damaged_zip(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "data.zip").write_bytes(content)
    with pytest.raises(MarqueeError, match="is not a sound zip"):
        load(tmp_path / "data.zip")


def test_a_zip_damaged_inside(tmp_path: Path) -> None:
    path = tmp_path / "data.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ratings.csv", RATINGS * 50)
    content = bytearray(path.read_bytes())
    content[200] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(MarqueeError, match="is not a sound zip"):
        load(path)


def test_damaged_parquet(tmp_path: Path) -> None:
    (tmp_path / "data.parquet").write_bytes(b"PAR1 nonsense")
    with pytest.raises(MarqueeError, match=r"^data\.parquet is not a table of .*"):
        load(tmp_path / "data.parquet")


def test_no_such_place_and_no_such_form(tmp_path: Path) -> None:
    with pytest.raises(MarqueeError, match=r"There is no data set nowhere\. Use embedded, one of ml-latest-small"):
        load("nowhere")
    (tmp_path / "data.xlsx").write_text("?")
    with pytest.raises(MarqueeError, match="neither CSV nor Parquet"):
        load(tmp_path / "data.xlsx")
