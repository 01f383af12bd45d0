"""Posters: the same for the same movie, one of its own for every genre, safe whatever the title, and readable."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.posters import poster
from app.posters.drawing import HEIGHT, WIDTH, Dice
from app.posters.genres import GENRES, UNKNOWN, telling
from app.posters.lettering import bounds, clean, drawable, fit, kerning, width
from app.posters.palettes import AA, contrast, mix
from app.posters.poster import LARGEST, LAST, MARGIN, ROOM, SMALLEST, TALLEST, quiet
from recommender.data.sources import load

SVG = "{http://www.w3.org/2000/svg}"
NASTY = [
    "<script>alert(1)</script>",
    "Q&A \"quoted\" 'twice' ]]>",
    "nul \x00 bell \x07 escape \x1b \ud800 \ufffe",
    "🍿🎬👨‍👩‍👧",
    "ואלס עם באשיר",
    "جدایی نادر از سیمین",
    "千と千尋の神隠し",
    "नमस्ते",
    "W" * 300,
    "a " * 400,
    "",
    " \n\t ",
]
titles = st.one_of(st.sampled_from(NASTY), st.text(max_size=120))


@pytest.fixture(scope="module")
def catalogue() -> pl.DataFrame:
    return load("embedded").catalog.frame


@settings(max_examples=150, deadline=None)
@given(
    titles, st.one_of(st.none(), st.integers(1880, 2100)), st.lists(st.one_of(st.sampled_from(sorted(GENRES)), titles))
)
def test_whatever_the_title_it_is_wellformed_and_harmless(title: str, year: int | None, genres: list[str]) -> None:
    root = ET.fromstring(poster(7, title, year, genres))
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    allowed = {"svg", "title", "clipPath", "linearGradient", "stop", "rect", "g", "path", "circle", "ellipse", "text"}
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in allowed
        assert not any(name.startswith("on") or "href" in name for name in element.attrib)


def test_another_process_draws_the_same() -> None:
    drawn = poster(260, "Star Wars", 1977, ["Action", "Sci-Fi"])
    code = "from app.posters import poster; print(poster(260, 'Star Wars', 1977, ['Action', 'Sci-Fi']), end='')"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert drawn == other == poster(260, "Star Wars", 1977, ["Action", "Sci-Fi"])


def test_two_movies_of_a_genre_differ_in_more_than_the_title() -> None:
    for name in GENRES:
        pictures = {poster(movie_id, "One", None, [name]) for movie_id in range(1, 9)}
        assert len(pictures) == 8, name


def test_every_genre_of_the_catalogue_has_a_grammar_of_its_own(catalogue: pl.DataFrame) -> None:
    known = set(catalogue.explode("genres")["genres"].drop_nulls())
    assert known <= set(GENRES)
    grammars = [kind.grammar for kind in (*GENRES.values(), UNKNOWN)]
    assert len(set(grammars)) == len(grammars)
    for kind in (*GENRES.values(), UNKNOWN):
        assert len(kind.grammar(Dice(1), kind.palettes[0])) > 200


@pytest.mark.parametrize(
    ("genres", "expected"),
    [
        (["Drama", "Horror"], "Horror"),
        (["Comedy", "Drama", "Romance"], "Romance"),
        (["Action", "Adventure", "Sci-Fi"], "Sci-Fi"),
        (["Drama", "IMAX"], "Drama"),
        (["Biography"], "Biography"),
        ([], None),
    ],
)
def test_the_most_telling_genre_decides(genres: list[str], expected: str | None) -> None:
    assert telling(genres) == expected
    assert telling(genres[::-1]) == expected


def test_every_title_of_the_catalogue_lies_within_the_poster(catalogue: pl.DataFrame) -> None:
    for title in catalogue["title"].drop_nulls().to_list()[::9]:
        text = clean(title)
        setting = fit(text, ROOM, TALLEST, LARGEST, SMALLEST)
        assert setting.height <= TALLEST + 0.01
        for line in setting.lines:
            left, low, right, high = (edge * setting.size for edge in bounds(line))
            assert left > -3
            assert right <= ROOM + 2, (title, line)
            assert low > -(HEIGHT - LAST)
            assert high <= setting.size
        shown = "".join("".join(setting.lines).split())
        assert shown == "".join(text.split()), "nothing is cut from a title of ours"


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_title_fits_by_the_measure_at_hand(title: str) -> None:
    setting = fit(clean(title) or "X", ROOM, TALLEST, LARGEST, SMALLEST)
    assert setting.height <= TALLEST + 0.01
    assert all(width(line) * setting.size <= ROOM + 0.01 or len(line) == 1 for line in setting.lines)


def test_a_title_that_does_not_fit_ends_in_an_ellipsis() -> None:
    assert fit("WORD " * 200, ROOM, TALLEST, LARGEST, SMALLEST).lines[-1].endswith("…")


def test_letters_are_paths_and_only_foreign_ones_are_text() -> None:
    assert "<text" not in poster(1, "Amélie: Žižek & Æon – “Ünïcode”…", 2001, ["Romance"])
    assert "<text" in poster(1, "千と千尋の神隠し", 2001, ["Animation"])
    assert 'direction="rtl"' in poster(1, "ואלס עם באשיר", 2008, ["War"])


def test_pairs_are_kerned() -> None:
    assert drawable("AVATAR")
    assert width("AVATAR") < sum(width(letter) for letter in "AVATAR")


def test_a_font_without_pairs_is_no_error() -> None:
    assert kerning({}) == {}  # type: ignore[arg-type]


def test_title_and_small_letters_can_be_read_on_every_ground() -> None:
    for name, kind in {**GENRES, "unknown": UNKNOWN}.items():
        for colours in kind.palettes:
            assert contrast(colours.ink, colours.ground) >= AA, name
            assert contrast(quiet(colours), colours.ground) >= AA, name


def test_the_fade_is_whole_where_the_title_begins() -> None:
    for title in ("Up", "Adventures of Mary-Kate and Ashley, The: The Case of the United States Navy Adventure"):
        setting = fit(clean(title), ROOM, TALLEST, LARGEST, SMALLEST)
        offset = re.findall(
            r'<linearGradient id="f".*?<stop offset="[\d.]+".*?<stop offset="([\d.]+)"', poster(1, title, 2000, [])
        )
        assert float(offset[0]) * HEIGHT < LAST - setting.height


def test_a_page_of_posters_is_light(catalogue: pl.DataFrame) -> None:
    rows = catalogue.select("movie_id", "title", "year", "genres").drop_nulls().rows()[::45]
    sizes = sorted(len(poster(*row)) for row in rows)
    assert sizes[-1] < 16_000
    assert sum(sizes) / len(sizes) < 8_000


def test_colours_mix_and_contrast_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


def test_margins_are_kept() -> None:
    assert 2 * MARGIN + ROOM == WIDTH
