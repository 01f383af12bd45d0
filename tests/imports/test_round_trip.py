"""What is exported comes back in without loss: stars, times, and the order of ratings of one moment."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from app.imports import Import, export, read
from app.imports.formats import LATEST
from db.ratings import Entry
from recommender.data import Catalog
from recommender.serving.lookup import MovieLookup

MOVIE_IDS = [1, 10, 2571, 348, 100, 101, 200, 201]
stars = st.integers(1, 10).map(lambda halves: halves / 2)
moments = st.floats(0, LATEST, exclude_max=True) | st.integers(0, 3).map(float)
histories = st.lists(
    st.builds(Entry, st.sampled_from(MOVIE_IDS), stars, moments), unique_by=lambda entry: entry.movie_id, min_size=1
).map(lambda entries: sorted(entries, key=lambda entry: entry.at))


@given(histories, st.text())
def test_nothing_is_lost(catalog: Catalog, entries: list[Entry], title: str) -> None:
    content = export(entries, dict.fromkeys(MOVIE_IDS, (title, 1999)))
    back = read(content, catalog, MovieLookup(catalog))
    assert back.entries == entries
    assert back.unmatched == ()


def test_people_and_spreadsheets_can_read_it(reading: Callable[..., Import]) -> None:
    content = export(
        [Entry(348, 4.5, 1_700_000_000.25), Entry(1, 3.0, 1_700_000_001.0)], {348: ('Se7en, "the" film', 1995)}
    )
    assert content.decode("utf-8-sig").splitlines() == [
        "movie_id,title,year,rating,timestamp",
        '348,"Se7en, ""the"" film",1995,4.5,1700000000.25',
        "1,,,3,1700000001",
    ]
    assert content.startswith(b"\xef\xbb\xbf")
