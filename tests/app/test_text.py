"""Foreign text stays text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from app.components.text import JOINER, isolated, markup, plain

NASTY = [
    "<script>alert(1)</script>",
    "**bold** _it_ `x`",
    "[x](javascript:1)",
    ":smile: $x^2$",
    "# h\n- l",
    "~~s~~ | t",
    "www.a.com :material/star:",
]


@given(st.one_of(st.sampled_from(NASTY), st.text()))
def test_taking_the_backslashes_away_gives_the_letters_back(text: str) -> None:
    shown = re.sub(r"\\(.)", r"\1", plain(text))
    assert shown.replace(JOINER, "") == " ".join(text.split()).replace(JOINER, "")


@given(st.one_of(st.sampled_from(NASTY), st.text(alphabet="<>*_`[]()#$:~|\\!abc \n", max_size=40)))
def test_no_markup_survives_unescaped(text: str) -> None:
    assert re.search(r"(?<!\\)(?:\\\\)*[<>*_`\[\]#$:~|]", plain(text)) is None
    assert "\n" not in plain(text)


def test_html_is_harmless() -> None:
    assert markup('"><img onerror=x>') == "&quot;&gt;&lt;img onerror=x&gt;"


def test_right_to_left_is_fenced() -> None:
    assert isolated("שלום").startswith("\u2068")
    assert isolated("שלום").endswith("\u2069")
