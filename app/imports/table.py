"""From the bytes that somebody uploaded to a header and rows of text, whatever program wrote them."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from recommender.errors import MarqueeError

if TYPE_CHECKING:
    from _csv import Reader

LARGEST_MB = 20
"""100,000 rows of IMDb's export, the widest of all, take some 20 MB."""
LARGEST = LARGEST_MB * 1024 * 1024
MOST_ROWS = 100_000
NO_CSV = "This file is not a CSV table; choose the ratings.csv that Letterboxd, IMDb, MovieLens or Marquee gave you."
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Row(NamedTuple):
    """One row: its line in the file, counted from 1, and its fields by column name."""

    line: int
    fields: dict[str, str]


def rows(content: bytes) -> tuple[list[str], Iterator[Row]]:
    """The column names, and the rows in the order of the file.

    Raises MarqueeError for a file that is empty, too large or no table; the iterator raises it for too many rows.
    """
    too_large = f"This file is larger than {LARGEST_MB} MB; a list of ratings is not that large."
    if len(content) > LARGEST:
        raise MarqueeError(too_large)
    if content[:4] == b"PK\x03\x04":
        content = _unzip(content, too_large)
    text = _decode(content)
    if not text.strip():
        raise MarqueeError("This file is empty.")
    delimiter = max(",;\t", key=text.lstrip().split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines = _filled(reader)
    _, header = next(lines, (0, []))
    if len(header) == 1:
        raise MarqueeError(NO_CSV)
    return header, _rows(lines, header)


def _filled(reader: Reader) -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of every row in which anything is written."""
    try:
        for values in reader:
            fields = [value.strip() for value in values]
            if any(fields):
                yield reader.line_num, fields
    except csv.Error as error:
        raise MarqueeError(NO_CSV) from error


def _rows(lines: Iterator[tuple[int, list[str]]], header: list[str]) -> Iterator[Row]:
    for count, (line, fields) in enumerate(lines):
        if count == MOST_ROWS:
            raise MarqueeError(f"This file has more than {MOST_ROWS:,} ratings; nobody has seen that many movies.")
        yield Row(line, dict(zip(header, fields, strict=False)))


def _decode(content: bytes) -> str:
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise MarqueeError(NO_CSV) from error
        text = content.decode("cp1252", "replace")  # Latin-1, and the signs that Windows adds
    if any(ord(sign) < 32 and sign not in "\t\r\n\f\v" for sign in text[:10_000]) or "\0" in text:
        raise MarqueeError(NO_CSV)
    return text


def _unzip(content: bytes, too_large: str) -> bytes:
    """The ratings.csv in a zip: Letterboxd hands out its tables so."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            name = min(
                (name for name in folder.namelist() if name.rsplit("/", 1)[-1] == "ratings.csv"), key=len, default=None
            )
            if name is None:
                raise MarqueeError("There is no ratings.csv in this zip; choose the one that holds your ratings.")
            with folder.open(name) as file:
                inside = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise MarqueeError("This zip cannot be opened; unpack it and choose its ratings.csv.") from error
    if len(inside) > LARGEST:
        raise MarqueeError(too_large)
    return inside
