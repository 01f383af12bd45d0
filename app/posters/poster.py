"""A movie's poster as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 400, 600


def poster(movie_id: int, title: str, year: int | None, genres: Sequence[str]) -> str:
    """Draw the poster, 2:3."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><rect width="400" height="600" fill="#18266b"/>'
        f'<text x="28" y="540" fill="#f4efe6" font-size="40" font-family="sans-serif">{escape(title[:18])}</text></svg>'
    )
