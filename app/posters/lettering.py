"""Titles as paths: an SVG inside an image cannot load a font, so the letters themselves are drawn, kerned.

Only titles with letters that Bebas Neue lacks (Chinese, Hebrew, emoji ...) become SVG text in whatever font there is.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
FILES = ("bebas-neue.woff2", "bebas-neue-ext.woff2")
EM = 1000
"""Font units to an em."""
CAP = 0.7
"""Height of capitals in ems; Bebas Neue has no other letters."""
LEADING = 0.88
"""Distance of lines in ems."""
STACK = "'Noto Sans','Noto Sans CJK SC','PingFang SC','Hiragino Sans','Microsoft YaHei','Segoe UI',system-ui,sans-serif"
ELLIPSIS = "…"


class Face(NamedTuple):
    """One file of the typeface."""

    shapes: Any
    """Glyphs by name; each draws itself with a pen and knows its width."""
    glyphs: dict[int, str]
    """Names by code point."""
    kerning: dict[tuple[str, str], int]


@cache
def faces() -> tuple[Face, ...]:
    """The typeface: Latin, and the rarer Latin letters."""
    fonts = [TTFont(FONTS / name, lazy=False) for name in FILES]
    return tuple(Face(font.getGlyphSet(), font.getBestCmap(), kerning(font)) for font in fonts)


def kerning(font: TTFont) -> dict[tuple[str, str], int]:
    """How much closer (negative) two glyphs stand, in font units, from the pairs of the GPOS table."""
    pairs: dict[tuple[str, str], int] = {}
    lookups = font["GPOS"].table.LookupList.Lookup if "GPOS" in font else []
    for table in (table for lookup in lookups if lookup.LookupType == 2 for table in lookup.SubTable):
        for first, entry in zip(table.Coverage.glyphs, getattr(table, "PairSet", ()), strict=False):
            for pair in entry.PairValueRecord:
                pairs.setdefault((first, pair.SecondGlyph), getattr(pair.Value1, "XAdvance", 0))
        if table.Format == 2:
            for first in table.Coverage.glyphs:
                row = table.Class1Record[table.ClassDef1.classDefs.get(first, 0)].Class2Record
                for second, kind in table.ClassDef2.classDefs.items():
                    pairs.setdefault((first, second), getattr(row[kind].Value1, "XAdvance", 0) or 0)
    return pairs


def face_of(letter: str) -> Face | None:
    """The file that has this letter."""
    return next((face for face in faces() if ord(letter) in face.glyphs), None)


def drawable(text: str) -> bool:
    """Whether the typeface has every letter."""
    return all(face_of(letter) for letter in text)


def placed(text: str, tracking: float = 0) -> tuple[list[tuple[Face, str, float]], float]:
    """Every glyph with its place, and the width of all, in font units. `tracking` is added between letters."""
    glyphs: list[tuple[Face, str, float]] = []
    x, before = 0.0, None
    for letter in text:
        face = face_of(letter)
        assert face is not None, "ask drawable first"
        glyph = face.glyphs[ord(letter)]
        if before is not None and before[0] is face:
            x += face.kerning.get((before[1], glyph), 0)
        glyphs.append((face, glyph, x))
        x += face.shapes[glyph].width + tracking
        before = face, glyph
    return glyphs, x - tracking if text else 0.0


def width(text: str) -> float:
    """Width in ems: exact where the typeface has the letters, a careful guess where it has not."""
    if drawable(text):
        return placed(text)[1] / EM
    return sum(guess(letter) for letter in text)


def guess(letter: str) -> float:
    """The widest that a letter of an unknown font will be, in ems."""
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 1.3 if unicodedata.category(letter) == "So" else 0.3 if letter == " " else 0.74


def outline(text: str, tracking: float = 0) -> str:
    """Path data of a line of text in font units, y upwards, from x = 0 on the base line."""
    drawn = ""
    for face, glyph, x in placed(text, tracking)[0]:
        pen = SVGPathPen(face.shapes, ntos=lambda value: str(round(value)))
        face.shapes[glyph].draw(TransformPen(pen, (1, 0, 0, 1, round(x), 0)))
        drawn += pen.getCommands()
    return drawn


def bounds(text: str) -> tuple[float, float, float, float]:
    """Left, lowest, right, highest of the line's ink in ems."""
    boxes = []
    for face, glyph, x in placed(text)[0]:
        pen = BoundsPen(face.shapes)
        face.shapes[glyph].draw(pen)
        if pen.bounds:
            boxes.append((pen.bounds[0] + x, pen.bounds[1], pen.bounds[2] + x, pen.bounds[3]))
    if not boxes:
        return 0.0, 0.0, 0.0, 0.0
    left, low, right, high = zip(*boxes, strict=True)
    return min(left) / EM, min(low) / EM, max(right) / EM, max(high) / EM


def clean(title: str) -> str:
    """A title as it is drawn: composed, capitals, no control characters or lone surrogates, single spaces."""
    composed = unicodedata.normalize("NFC", title)
    shown = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") else letter for letter in composed
    )
    return " ".join(shown.upper().split())


def words(text: str) -> list[str]:
    """Where lines may break: between words; between any two letters of scripts that write without spaces."""
    pieces: list[str] = []
    for word in text.split(" "):
        start = 0
        for at in range(1, len(word)):
            if unicodedata.east_asian_width(word[at]) in "WF" and unicodedata.category(word[at]) == "Lo":
                pieces.append(word[start:at])
                start = at
        pieces.append(word[start:] + " ")
    return pieces


def broken(pieces: Sequence[str], most: int, measure: Callable[[str], float]) -> list[str] | None:
    """The pieces on exactly `most` lines as even as can be, the widest as narrow; None where there are fewer pieces."""
    if len(pieces) < most:
        return None
    whole = [["".join(pieces[start:end]).strip() for end in range(len(pieces) + 1)] for start in range(len(pieces))]
    best: list[tuple[float, int]] = [(measure(line) ** 4, 0) for line in whole[0]]
    ways = [best]
    for _ in range(most - 1):
        best = [
            min(
                ((ways[-1][cut][0] + measure(whole[cut][end]) ** 4, cut) for cut in range(1, end)),
                default=(math.inf, 0),
            )
            for end in range(len(pieces) + 1)
        ]
        ways.append(best)
    lines, end = [], len(pieces)
    for best in reversed(ways):
        cut = best[end][1]
        lines.append(whole[cut][end])
        end = cut
    return lines[::-1]


class Setting(NamedTuple):
    """A title set in lines."""

    lines: tuple[str, ...]
    size: float
    """Ems in the poster's units."""

    @property
    def height(self) -> float:
        """From the top of the first line's capitals to the last base line."""
        return self.size * (CAP + LEADING * (len(self.lines) - 1))


def fit(text: str, room: float, tall: float, largest: float, smallest: float) -> Setting:
    """Set the text as large as it fits `room` wide and `tall` high; what cannot even be set at `smallest` is cut."""
    measure = cache(width)
    pieces = words(text)[:48]
    best: Setting | None = None
    for count in range(1, 7):
        lines = broken(pieces, count, measure)
        if lines is None:
            break
        widest = max(max(map(measure, lines)), 0.01)
        size = min(largest, room / widest, tall / (CAP + LEADING * (count - 1)))
        if best is None or size > best.size * 1.12:
            best = Setting(tuple(lines), size)
    assert best is not None, "there is always one line"
    if best.size >= smallest and len(pieces) < 48:
        return best
    return cut(text, room, tall, smallest, measure)


def cut(text: str, room: float, tall: float, size: float, measure: Callable[[str], float]) -> Setting:
    """Fill lines letter by letter at one size, and end with an ellipsis where the room ends."""
    most = 1 + int((tall / size - CAP) / LEADING)
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most:
        end = next((end for end in range(1, len(rest) + 1) if measure(rest[:end]) * size > room), len(rest) + 1) - 1
        space = rest.rfind(" ", 1, end + 1) if end < len(rest) else -1
        end = space if space > 0 else max(end, 1)
        lines.append(rest[:end].strip())
        rest = rest[end:].strip()
    if rest:
        last = lines[-1]
        while last and measure(last + ELLIPSIS) * size > room:
            last = last[:-1]
        lines[-1] = last.rstrip() + ELLIPSIS
    return Setting(tuple(lines), size)


def letters(line: str, x: float, y: float, size: float, ink: str, room: float, tracking: float = 0) -> str:
    """SVG of one line, its base line at y, its edge at x: the left one, or for right-to-left scripts x + room."""
    if drawable(line):
        scale = f"{size / EM:.4f}".rstrip("0")
        return f'<path transform="matrix({scale} 0 0 -{scale} {x:.0f} {y:.1f})" d="{outline(line, tracking)}" fill="{ink}"/>'
    strong = next((unicodedata.bidirectional(letter) for letter in line if letter.isalpha()), "L")
    backwards = strong in ("R", "AL")
    side = f'x="{x + room:.0f}" direction="rtl"' if backwards else f'x="{x:.0f}"'
    return (
        f'<text {side} y="{y:.1f}" font-size="{size:.1f}" font-weight="700" font-family="{STACK}" fill="{ink}">'
        f"{escape(line)}</text>"
    )
