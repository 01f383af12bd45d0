"""What every grammar draws with: dice that fall the same way for the same movie, and shapes in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

WIDTH, HEIGHT = 400, 600
"""The poster's own units, 2:3."""
HORIZON = 430
"""Below this line stands the title; what is drawn there fades into the ground."""

Point = tuple[float, float]


class Dice:
    """Chance that belongs to one movie. Only `Random.random` is used: Python promises that it never changes."""

    def __init__(self, movie_id: int) -> None:
        self._random = Random(movie_id)

    def between(self, low: float, high: float) -> float:
        """A number from low to high."""
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """One of them."""
        return things[int(self._random.random() * len(things))]

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self._random.random() < share


def number(value: float) -> str:
    """At most one decimal: a tenth of a unit is a twentieth of a pixel on the page."""
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")
    )


def attributes(fill: str | None, opacity: float, stroke: str | None = None, width: float = 0) -> str:
    """How a shape is painted."""
    parts = [f' fill="{fill or "none"}"']
    if stroke:
        parts.append(f' stroke="{stroke}" stroke-width="{number(width)}"')
    if opacity < 1:
        parts.append(f' opacity="{opacity:.2g}"')
    return "".join(parts)


def circle(x: float, y: float, r: float, fill: str, opacity: float = 1) -> str:
    """A disc."""
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{number(r)}"{attributes(fill, opacity)}/>'


def ring(x: float, y: float, r: float, stroke: str, width: float, opacity: float = 1) -> str:
    """A circle's line."""
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{number(r)}"{attributes(None, opacity, stroke, width)}/>'


def box(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1) -> str:
    """A rectangle."""
    size = f'width="{width:.0f}" height="{height:.0f}"'
    return f'<rect x="{x:.0f}" y="{y:.0f}" {size}{attributes(fill, opacity)}/>'


def polygon(points: Sequence[Point], fill: str, opacity: float = 1) -> str:
    """A closed shape with straight sides."""
    return path("M" + " ".join(f"{x:.0f} {y:.0f}" for x, y in points) + "z", fill, opacity)


def path(d: str, fill: str | None, opacity: float = 1) -> str:
    """Any filled shape."""
    return f'<path d="{d}"{attributes(fill, opacity)}/>'


def line(d: str, stroke: str, width: float, opacity: float = 1) -> str:
    """Any line, with round ends."""
    return f'<path d="{d}" stroke-linecap="round"{attributes(None, opacity, stroke, width)}/>'


def smooth(points: Sequence[Point]) -> str:
    """Path data of a curve through the points: Catmull and Rom's spline as cubic Bézier pieces."""
    d = f"M{points[0][0]:.0f} {points[0][1]:.0f}C"
    pieces = []
    for place in range(len(points) - 1):
        before, start, end, after = (points[min(max(place + step, 0), len(points) - 1)] for step in (-1, 0, 1, 2))
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        pieces.append(" ".join(f"{x:.0f} {y:.0f}" for x, y in (first, second, end)))
    return d + " ".join(pieces)


def star(x: float, y: float, r: float, fill: str, points: int = 4, inner: float = 0.3) -> str:
    """A star whose first point looks up; `inner` is the radius of its notches as a share of r."""
    corners = []
    for place in range(2 * points):
        angle, reach = math.pi * place / points - math.pi / 2, r if place % 2 == 0 else r * inner
        corners.append((x + math.cos(angle) * reach, y + math.sin(angle) * reach))
    return polygon(corners, fill)
