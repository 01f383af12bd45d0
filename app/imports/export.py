"""A person's ratings as a CSV file that people and spreadsheets can read and that comes back in without loss."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from db.ratings import Entry

COLUMNS = ("movie_id", "title", "year", "rating", "timestamp")


def export(ratings: Iterable[Entry], movies: Mapping[int, tuple[str, int | None]]) -> bytes:
    """CSV in UTF-8 with a byte order mark, in the order given; `movies` holds title and year by movie_id.

    The timestamp is Unix time in seconds, as in GroupLens files; its fraction is kept.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for movie_id, stars, at in ratings:
        title, year = movies.get(movie_id, ("", None))
        # Signs that do not show have no business in a table, and would make it look like no text at all.
        shown = "".join(sign for sign in title if sign.isprintable())
        table.writerow([movie_id, shown, year, f"{stars:g}", repr(at).removesuffix(".0")])
    # Excel takes a file without the mark for Latin-1.
    return text.getvalue().encode("utf-8-sig")
