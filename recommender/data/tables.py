"""One table of ratings, CSV or Parquet, read in a stream and checked: any mistake is said in one sentence."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import IO

import polars as pl

from recommender.errors import MarqueeError

TYPES: dict[str, type[pl.DataType]] = {
    "user_id": pl.Int64,
    "movie_id": pl.Int64,
    "rating": pl.Float32,
    "timestamp": pl.Int64,
}
REVIEW = "review"
"""A column that may be there: what the person wrote about the movie."""
ALIASES = {"userid": "user_id", "movieid": "movie_id", "itemid": "movie_id", "item_id": "movie_id"}
LOWEST, HIGHEST = 0.5, 5.0
DOUBLE_COLON = ["user_id", "_1", "movie_id", "_2", "rating", "_3", "timestamp"]
"""`1::1193::5::978300760`, read with ":" as the separator."""


def read_ratings(source: Path | IO[bytes], name: str | None = None) -> pl.DataFrame:
    """Columns user_id, movie_id (int64), rating (float32, stars 0.5..5), timestamp (int64, Unix seconds), rows as in the source.

    And review (text), where the table has it.

    `source` is a path or an open file; `name` is how messages call it. Raises MarqueeError for an empty or unreadable
    table, columns that are missing, values that are no numbers, and stars out of range.
    """
    label = name or (source.name if isinstance(source, Path) else "The file")
    suffix = Path(label).suffix.lower()
    try:
        raw = _scan(source, suffix, label)
        names = {column: _canonical(column) for column in raw.collect_schema().names()}
        missing = [column for column in TYPES if column not in names.values()]
        if missing:
            raise MarqueeError(
                f"{label} lacks {', '.join(missing)}: it has the columns {', '.join(list(names)[:8])}; "
                f"needed are {', '.join(TYPES)}."
            )
        types = TYPES | ({REVIEW: pl.String} if REVIEW in names.values() else {})
        wanted = {old: new for old, new in names.items() if new in types}
        lazy = raw.select(list(wanted)).rename(wanted).select(list(types))
        table = lazy.cast(pl.Schema(types)).collect(engine="streaming")
    except pl.exceptions.NoDataError as error:
        raise MarqueeError(f"{label} is empty; needed are rows of {', '.join(TYPES)}.") from error
    except pl.exceptions.PolarsError as error:
        raise MarqueeError(f"{label} is not a table of {', '.join(TYPES)}: {_first_line(error)}.") from error
    return _checked(table, label)


def _scan(source: Path | IO[bytes], suffix: str, label: str) -> pl.LazyFrame:
    if suffix == ".parquet":
        return pl.scan_parquet(source if isinstance(source, Path) else BytesIO(source.read()))
    if suffix not in (".csv", ".dat", ".txt", ".tsv"):
        raise MarqueeError(f"{label} is neither CSV nor Parquet; give a .csv or a .parquet file.")
    content: Path | bytes = source if isinstance(source, Path) else source.read()
    if suffix == ".dat":
        return pl.scan_csv(
            content, separator=":", has_header=False, new_columns=DOUBLE_COLON, schema_overrides=[pl.String] * 7
        ).with_columns(pl.col(column).str.strip_chars() for column in TYPES)
    # Numbers are read as numbers: a second pass over strings would double time and memory at 32 million rows.
    overrides = {alias: TYPES[_canonical(alias)] for alias in ("userId", "movieId", *ALIASES, *TYPES)}
    overrides[REVIEW] = pl.String
    return pl.scan_csv(content, separator="\t" if suffix == ".tsv" else ",", schema_overrides=overrides)


def _canonical(column: str) -> str:
    folded = column.strip().lstrip("\ufeff").lower()
    return ALIASES.get(folded, folded)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")


def _checked(table: pl.DataFrame, label: str) -> pl.DataFrame:
    if table.is_empty():
        raise MarqueeError(f"{label} has a heading but not one rating below it.")
    for column in TYPES:
        if empty := table[column].null_count():
            raise MarqueeError(
                f"{label}: {column} is empty in {empty:,} of {table.height:,} rows; fill or remove them."
            )
    outside = ~table["rating"].is_between(LOWEST, HIGHEST) | table["rating"].is_nan()
    if count := outside.sum():
        first = outside.arg_max() or 0
        raise MarqueeError(
            f"{label}: {count:,} of {table.height:,} ratings are not between {LOWEST} and {HIGHEST:g} stars; "
            f"the first is {table['rating'][first]:g} in row {first + 1}."
        )
    return table
