"""The poster itself: a grammar's picture, a fade of the ground, the title, genre and year."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.posters.drawing import HEIGHT, WIDTH, Dice
from app.posters.genres import GENRES, UNKNOWN, telling
from app.posters.lettering import LEADING, clean, drawable, fit, letters
from app.posters.palettes import AA, Palette, contrast, mix

MARGIN = 28
ROOM = WIDTH - 2 * MARGIN
FOOT = 572
"""Base line of genre and year."""
LAST = 530
"""Base line of the title's last line."""
LARGEST, LARGEST_FOREIGN, SMALLEST, SMALL = 116, 72, 34, 25
"""Sizes in units; letters of unknown fonts are as tall and heavy as nobody knows, so they are kept smaller."""
TALLEST = 176
BULB, FLAG_INK = "#f2a33a", "#1d1b20"
FLAG_TOP, FLAG_WIDTH, FLAG_SIZE = 28, 196, 36
FADE = 150
"""How far above the title the picture begins to fade."""


def poster(movie_id: int, title: str, year: int | None, genres: Sequence[str], stamp: str = "") -> str:
    """Draw the poster as SVG, always the same for the same movie; a `stamp` is one word on a flag at the top."""
    name = telling(genres)
    kind = GENRES.get(name or "", UNKNOWN)
    dice = Dice(movie_id)
    colours = dice.pick(kind.palettes)
    text = clean(title) or f"MOVIE {movie_id}"
    setting = fit(text, ROOM, TALLEST, LARGEST if drawable(text) else LARGEST_FOREIGN, SMALLEST)
    gap = setting.size * LEADING
    lines = "".join(
        letters(line, MARGIN, LAST - gap * (len(setting.lines) - 1 - place), setting.size, colours.ink, ROOM)
        for place, line in enumerate(setting.lines)
    )
    about = fit(clean(" · ".join(str(part) for part in (name, year) if part)), ROOM / 1.12, SMALL, SMALL, SMALL * 0.5)
    small = "".join(
        letters(line, MARGIN, FOOT, about.size, quiet(colours), ROOM, tracking=50) for line in about.lines[:1]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{escape(' '.join(text.split()))}</title>{ground(colours, LAST - setting.height)}"
        f'<g clip-path="url(#c)">{kind.grammar(dice, colours)}</g>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#f)"/>{lines}{small}{flag(stamp)}</svg>'
    )


def flag(stamp: str) -> str:
    """One word on the colour of the bulb; nothing for an empty one."""
    if not stamp:
        return ""
    word = letters(stamp.upper(), MARGIN, FLAG_TOP + 40, FLAG_SIZE, FLAG_INK, ROOM, tracking=50)
    return f'<path d="M0 {FLAG_TOP}H{FLAG_WIDTH}l-18 27 18 27H0z" fill="{BULB}"/>{word}'


def ground(colours: Palette, top: float) -> str:
    """The ground, and the fade that is whole where the title's letters begin, at `top`."""
    solid = (top - 14) / HEIGHT
    return (
        f'<clipPath id="c"><path d="M0 0H{WIDTH}V{HEIGHT}H0z"/></clipPath>'
        f'<linearGradient id="g" x2="0" y2="1"><stop stop-color="{colours.sky}"/><stop offset=".75" stop-color="{colours.ground}"/></linearGradient>'
        f'<linearGradient id="f" x2="0" y2="1"><stop offset="{solid - FADE / HEIGHT:.3f}" stop-color="{colours.ground}" stop-opacity="0"/>'
        f'<stop offset="{solid:.3f}" stop-color="{colours.ground}"/></linearGradient>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#g)"/>'
    )


def quiet(colours: Palette) -> str:
    """The ink for small letters: softened as far as they can still be read."""
    soft = mix(colours.ink, colours.ground, 0.25)
    return soft if contrast(soft, colours.ground) >= AA else colours.ink
