"""Colours of the posters: which go together, and whether letters on them can be read."""

from __future__ import annotations

from typing import NamedTuple

CREAM, NIGHT = "#f8f3ea", "#17151a"
"""The two inks of titles."""
AA = 4.5
"""Least contrast of text on its ground (WCAG 2.2, success criterion 1.4.3)."""


class Palette(NamedTuple):
    """CSS colours `#rrggbb`: the ground fades from sky at the top to ground at the foot, under the title."""

    sky: str
    ground: str
    first: str
    second: str
    third: str

    @property
    def ink(self) -> str:
        """The ink that reads better on the ground."""
        return max((CREAM, NIGHT), key=lambda ink: contrast(ink, self.ground))


def palette(colours: str) -> Palette:
    """From five colours in one line, without their number signs."""
    return Palette(*(f"#{colour}" for colour in colours.split()))


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green, blue 0..255 of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance 0..1 (WCAG 2.2)."""
    shares = (value / 255 for value in channels(colour))
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast 1..21 of two colours (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`one` with this share 0..1 of `other` in it."""
    mixed = (round(a + (b - a) * share) for a, b in zip(channels(one), channels(other), strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)
