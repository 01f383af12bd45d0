"""Whatever somebody uploads: one clear sentence, never a traceback."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports import LARGEST_MB, Import, read
from app.imports import table as tables
from recommender.data import Catalog
from recommender.errors import MarqueeError
from recommender.serving.lookup import MovieLookup

Reading = Callable[..., Import]
HEAD = "userId,movieId,rating,timestamp\n"


def zipped(name: str, content: bytes) -> bytes:
    folder = io.BytesIO()
    with zipfile.ZipFile(folder, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return folder.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Length 5>>stream\n\x00\x01\x02", "not a CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a CSV"),
        (b"\xff\xfea", "not a CSV"),
        (b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n", "not a CSV"),
        (b"just a letter to a friend", "not a CSV"),
        (b"red,green,blue\n1,2,3\n", "columns of this file"),
        (b"name,year\nAlien,1979\n", "columns of this file"),
        (HEAD, "no ratings"),
        (HEAD + "1,1,5.5,100\n", "Line 2 gives the rating “5.5”"),
        (HEAD + "1,1,4,100\n1,1,3.7,100\n", "Line 3 gives the rating “3.7”"),
        (HEAD + "1,1,nan,100\n", "rating “nan”"),
        (HEAD + "1,1,0,100\n", "rating “0”"),
        (HEAD + "1,1,,100\n", "rating “”"),
        (HEAD + "1,1,4,yesterday\n", "time “yesterday”"),
        (HEAD + "1,1,4,-5\n", "time “-5”"),
        (HEAD + "1,1,4,1700000000000\n", "time “1700000000000”"),
        (HEAD + "1,tt1,4,100\n", "movie “tt1”"),
        (HEAD + "1,99999999999999999999,4,100\n", "movie “99999999999999999999”"),
        ("Const,Your Rating,Title\ntt1,11,x\n", "whole numbers from 1 to 10"),
        ("Const,Your Rating,Title\ntt1,7.5,x\n", "whole numbers from 1 to 10"),
        (zipped("films.csv", b"x"), "no ratings.csv in this zip"),
        (b"PK\x03\x04 broken", "cannot be opened"),
        (zipped("ratings.csv", b"0" * (LARGEST_MB * 1024 * 1024 + 1)), f"larger than {LARGEST_MB} MB"),
        (b"0" * (LARGEST_MB * 1024 * 1024 + 1), f"larger than {LARGEST_MB} MB"),
        ('movie_id,rating\n"' + "x" * 200_000, "not a CSV"),
    ],
    ids=range(27),
)
def test_one_sentence(reading: Reading, content: str | bytes, sentence: str) -> None:
    with pytest.raises(MarqueeError, match=sentence) as caught:
        reading(content)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_too_many_rows(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert len(reading(HEAD + "1,1,4,100\n" * 3).unmatched) == 2
    with pytest.raises(MarqueeError, match="more than 3 ratings"):
        reading(HEAD + "1,1,4,100\n" * 4)


def test_a_letterboxd_zip_needs_no_unpacking(reading: Reading) -> None:
    folder = zipped("letterboxd-ann/ratings.csv", b"Date,Name,Year,Letterboxd URI,Rating\n2023-01-01,Se7en,1995,u,4\n")
    assert [entry.movie_id for entry in reading(folder).entries] == [348]


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.text(max_size=99).map(lambda t: (HEAD + t).encode())
)
def test_any_bytes_give_ratings_or_a_sentence(content: bytes) -> None:
    catalog = Catalog.from_frame(pl.DataFrame({"movie_id": [1], "title": ["Alien"]}))
    message = ""
    try:
        read(content, catalog, MovieLookup(catalog), now=0)
    except MarqueeError as error:
        message = str(error)
    assert "\n" not in message
