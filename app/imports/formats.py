"""The tables that we can read, told apart by their columns, and what one row of each says."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from app.imports.table import Row
from recommender.errors import MarqueeError

LATEST = 4_102_444_800
"""1 January 2100: a larger number is no Unix time in seconds."""


class Wish(NamedTuple):
    """A rating as the file tells it: a movie by whatever names it has there, stars 0.5..5, Unix seconds or None."""

    line: int
    stars: float | None
    """None where the file lists a movie without a rating."""
    at: float | None
    movie_id: int | None = None
    imdb_id: str | None = None
    title: str | None = None
    year: int | None = None
    user: str | None = None

    @property
    def label(self) -> str:
        """What to call the movie when it is not found."""
        name = self.title or self.imdb_id or f"movie {self.movie_id}"
        return f"{name} ({self.year})" if self.year else name


@dataclass(frozen=True)
class Format:
    """One kind of table. `needs` are columns in lower case; `read` raises MarqueeError for a value that cannot be."""

    name: str
    needs: frozenset[str]
    read: Callable[[Row], Wish]


def recognise(header: Sequence[str]) -> Format:
    """The format with these columns. Raises MarqueeError when there is none."""
    columns = {name.lower() for name in header}
    for known in FORMATS:
        if known.needs <= columns:
            return known
    seen = ", ".join(name[:30] for name in header[:6])
    raise MarqueeError(
        f"The columns of this file ({seen}) are not those of a list of ratings; "
        "it takes userId,movieId,rating,timestamp, or the ratings.csv of Letterboxd, IMDb or Marquee."
    )


def _grouplens(row: Row) -> Wish:
    user = _text(row, "userid") or _text(row, "user_id")
    movie = _text(row, "movieid") or _text(row, "movie_id")
    return Wish(row.line, _stars(row, "rating"), _time(row, "timestamp"), movie_id=_whole(row, movie), user=user)


def _ours(row: Row) -> Wish:
    movie = _whole(row, _text(row, "movie_id") or _text(row, "movieid"))
    title, year = _text(row, "title") or None, _year(row)
    return Wish(row.line, _stars(row, "rating"), _time(row, "timestamp"), movie_id=movie, title=title, year=year)


def _letterboxd(row: Row) -> Wish:
    stars = _stars(row, "rating") if _text(row, "rating") else None
    return Wish(row.line, stars, _time(row, "date"), title=_text(row, "name"), year=_year(row))


def _imdb(row: Row) -> Wish:
    stars = _stars(row, "your rating", scale=2) if _text(row, "your rating") else None
    when = _time(row, "date rated")
    return Wish(row.line, stars, when, imdb_id=_text(row, "const"), title=_text(row, "title") or None, year=_year(row))


FORMATS = (
    Format("IMDb", frozenset({"const", "your rating"}), _imdb),
    Format("Letterboxd", frozenset({"name", "year", "rating"}), _letterboxd),
    Format("GroupLens", frozenset({"userid", "movieid", "rating"}), _grouplens),
    Format("GroupLens", frozenset({"user_id", "movie_id", "rating"}), _grouplens),
    Format("Marquee", frozenset({"movie_id", "rating"}), _ours),
    Format("Marquee", frozenset({"movieid", "rating"}), _ours),
)


def _text(row: Row, column: str) -> str:
    return next((value for name, value in row.fields.items() if name.lower() == column), "")


def _stars(row: Row, column: str, scale: int = 1) -> float:
    """Stars 0.5..5 in halves; with scale 2 from whole numbers 1..10."""
    text = _text(row, column)
    try:
        stars = float(text.replace(",", ".")) / scale
    except ValueError:
        stars = math.nan
    if not (0.5 <= stars <= 5 and (2 * stars).is_integer()):
        range_ = "from 0.5 to 5 in halves" if scale == 1 else "whole numbers from 1 to 10"
        raise MarqueeError(
            f"Line {row.line} gives the rating “{text[:20]}”; ratings are {range_}. Nothing was imported."
        )
    return stars


def _time(row: Row, column: str) -> float | None:
    """Unix seconds from a number or a date; None where nothing is written."""
    text = _text(row, column)
    if not text:
        return None
    try:
        when = float(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
            when = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            when = math.nan
    if not 0 <= when < LATEST:
        raise MarqueeError(
            f"Line {row.line} gives the time “{text[:30]}”; times are dates like 2026-11-24 or seconds since 1970. "
            "Nothing was imported."
        )
    return when


def _whole(row: Row, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise MarqueeError(
            f"Line {row.line} gives the movie “{text[:30]}”; a movieId is a whole number. Nothing was imported."
        )
    return int(text)


def _year(row: Row) -> int | None:
    text = _text(row, "year")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
