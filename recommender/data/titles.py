"""Titles: from the inverted form of a library's card ("Matrix, The (a.k.a. ...)") to the form on a poster, and to keys for matching."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

ARTICLES = "The|A|An|La|Le|Les|L'|El|Los|Las|Il|Lo|Gli|I|Un|Une|Una|Uno|Der|Die|Das|Ein|Eine|De|Het|Een|Den|Det|En|Et|O|Os|As|Um|Uma"
INVERTED = re.compile(rf"^(?P<rest>.+), (?P<article>{ARTICLES})$", re.IGNORECASE)
YEAR = re.compile(r"\s*\((?P<year>\d{4})(?:[-–]\d{0,4})?\)\s*$")
GROUP = re.compile(r"^(?P<rest>.*\S)\s*\((?P<inner>[^()]*)\)$")
ALSO_KNOWN_AS = re.compile(r"^a\.?k\.?a\.?:?\s+", re.IGNORECASE)
LEADING_ARTICLE = re.compile(rf"^({ARTICLES.casefold().replace(chr(39), '')}) ")
ROMAN = ("ii", "iii", "iv", "v", "vi", "vii", "viii")
WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMERALS = {numeral: str(number) for numerals in (ROMAN, WORDS) for number, numeral in enumerate(numerals, start=2)}


class Title(NamedTuple):
    """A title taken apart."""

    display: str
    """As on a poster: article first, no year, no alternative titles."""
    alternatives: tuple[str, ...]
    """Other names that stood in parentheses, articles first."""
    year: int | None
    """The year that ended the raw title, if one did."""


def parse(raw: str) -> Title:
    """Take a raw title apart: "Haine, La (Hate) (1995)" -> La Haine, (Hate,), 1995."""
    rest = " ".join(raw.split())
    year = None
    if found := YEAR.search(rest):
        year, rest = int(found["year"]), rest[: found.start()]
    alternatives: list[str] = []
    while found := GROUP.match(rest):
        alternatives.insert(0, article_first(ALSO_KNOWN_AS.sub("", found["inner"]).strip()))
        rest = found["rest"]
    return Title(article_first(rest), tuple(name for name in alternatives if name), year)


def article_first(title: str) -> str:
    """ "Matrix, The" -> "The Matrix"; "Avventura, L'" -> "L'Avventura"; other titles as they are."""
    found = INVERTED.match(title)
    if not found:
        return title
    article = found["article"]
    return f"{article}{'' if article.endswith(chr(39)) else ' '}{found['rest']}"


def normalise(title: str) -> str:
    """A key that forgives case, accents, punctuation, "&", roman numerals and small numbers in words. Empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", title.replace("&", " and ")).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"['’`.]", "", plain)
    words = re.sub(r"[^\w]+|_", " ", plain).split()
    return " ".join(NUMERALS.get(word, word) for word in words)


def keys(title: str) -> tuple[str, ...]:
    """Keys by which a title may be found: as written, and without its leading article."""
    key = normalise(title)
    bare = LEADING_ARTICLE.sub("", key)
    return tuple(dict.fromkeys(k for k in (key, bare) if k))
