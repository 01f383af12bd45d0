"""Which grammar and which colours stand for a genre, and which of a movie's genres tells most about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from app.posters import patterns, scenes
from app.posters.drawing import Dice
from app.posters.palettes import Palette, palette

Grammar = Callable[[Dice, Palette], str]


class Genre(NamedTuple):
    """How a genre is drawn."""

    grammar: Grammar
    palettes: tuple[Palette, ...]


def genre(grammar: Grammar, *colours: str) -> Genre:
    """A genre with its palettes: sky, ground and three more, as in `Palette`."""
    return Genre(grammar, tuple(palette(line) for line in colours))


GENRES: dict[str, Genre] = {
    "Film-Noir": genre(
        patterns.window,
        "3b3f45 1f2226 d9d3c3 a8a296 0f1012",
        "2f3440 191c24 cdd3d9 8f98a3 0b0d11",
        "46413a 24211d e6d7b5 a39780 100e0c",
    ),
    "Western": genre(
        scenes.hills,
        "8a3f16 5b2a12 f3cb3c a81c27 7c3413",
        "d98a3d 4a2313 fff0b8 b4502a 94501f",
        "c9552b 3a1c1a ffd27a 8c2a26 9a3a22",
        "e3b46c 59301b d8432b a3562b bb7a3e",
    ),
    "Animation": genre(
        patterns.blobs,
        "6fe0cc 58d3c2 9b8cf0 f5a04c d8e45e",
        "ffd0dc ffb3c6 ff7b54 7b6cf0 ffd93b",
        "b8e6ff 8fd4fb ff8fa3 ffd166 5b7cfa",
        "3a2f8f 2b2270 ff9f5a 3fd6c6 f76fa8",
    ),
    "Horror": genre(
        scenes.teeth,
        "e46c34 68111d b3241f 68111d f3c27a",
        "9fb08f 10140f 35422f d8e3b0 d8e3b0",
        "c21f2b 170a0d 5d0d16 f4d9c6 f4d9c6",
        "6a5a8c 130f1e 2f2448 d9f25a d9f25a",
    ),
    "Sci-Fi": genre(
        patterns.orbits,
        "1c2c78 151f57 4c4fd6 7b46f0 c9d4ff",
        "0d3a4f 08222f 1c93a6 ff7a45 bff4ea",
        "3b1c5a 22103a 8a3fd1 ff5fa2 f3d9ff",
        "20242e 11141b 5f6b80 ff4b3e e9e4d6",
        "7a2f1f 431512 f0703a ffd27a ffe9c9",
        "dbe4ea c6d2dc 5b7fb0 e0552f 1c2b45",
    ),
    "Musical": genre(
        patterns.waves,
        "7d1f5c 4c1039 ff6fa8 ffb35c 9a4be0",
        "183b6b 0e2547 ffcf4a 4fc3e8 f26a5b",
        "f4c7a1 efb488 c8334e 6d2a5e f08a3c",
        "0f5a54 093a37 ffd36b f2765a 7fe0c4",
    ),
    "War": genre(
        scenes.columns,
        "77735a 2f2f23 565640 d9502e c9bf94",
        "a38b6c 35281e 6a5440 b3261e e9d8b0",
        "5d6b73 1f272c 46545c e06a34 b8c4c4",
    ),
    "Documentary": genre(
        patterns.halftone,
        "f1ebdd e8dfcb 2b4c7e e2a13a d8492c",
        "23262b 17191d d9d3c4 8a8578 e8a23a",
        "d8e4e0 c5d8d2 1f5a52 7fa8a0 e0632c",
        "f3d9c4 ecc8ab 3a2a4d 9a7a8a cf3f33",
    ),
    "Fantasy": genre(
        scenes.night,
        "5a2a76 3a1a52 e04cd4 26103a ffe9ff",
        "21406e 142a4d ffd979 0b1a33 fff3cf",
        "0f5a5c 083a3f b7f3c9 05272c e8fff0",
        "6b2b52 3f1633 ffab7a 290c21 ffe9d6",
    ),
    "Children": genre(
        patterns.quarters,
        "ffe8b8 ffd76a ff6b4a 2f8fd8 37b37e",
        "d9f0ff 2463a8 ffcf3f ff7d6b 6cc5f0",
        "fff1e0 e8503a ffc145 2d5d8c f59b7a",
        "e5f6df 1f7a55 ffd84d ff8a5c 79c98f",
    ),
    "Mystery": genre(
        scenes.door,
        "1f2c3a 121b25 2f4357 f2c265 f2c265",
        "2c2440 19142a 44365f ffdf8a ffdf8a",
        "17352f 0c211d 285347 e9e27a e9e27a",
        "3a2126 221216 5a323a ffb46a ffb46a",
    ),
    "Adventure": genre(
        scenes.ridges,
        "2a7a4a 1b4a33 57c98a e9f7e0 4fd9cf",
        "f0a95a 5a2620 c8603c ffe6c4 fff0cf",
        "4f9ac6 12384f 2f7ba3 ffffff ffe08a",
        "7a5a9c 2b1c45 a274b8 f7e6ff ffc37a",
    ),
    "Action": genre(
        patterns.rays,
        "7c1a10 67140c dd8a35 67140c fff6e6",
        "16243f 101a30 e8483a f2b92f f8f3ea",
        "f09a2a e8871a 2a1a16 c22a1c fff0cf",
        "2a2a2e 1b1b1f f2c230 d8402a f8f3ea",
    ),
    "Crime": genre(
        patterns.blinds,
        "38454f 2b363e 5a6b8c e5533d 7684a8",
        "463339 2f2126 8c3b46 f0c05a b86a5a",
        "2c3b39 1d2928 5f8274 f08a3c 9db59a",
        "403a2e 29251d 93855f d4402f c9b682",
    ),
    "Thriller": genre(
        patterns.shards,
        "1f6274 174450 2f9a86 3d78c9 9be8d8",
        "3a1d2b 24101a b3243c e0643c f6c9a0",
        "22304a 141d30 4a6fb5 8a3ffc c8e0ff",
        "3b4048 23272d c9cdd2 e8402f f2efe8",
    ),
    "Romance": genre(
        patterns.discs,
        "701c32 5c1529 d35247 8f2152 ffb199",
        "f6c5bd efaaa2 c9304f f0705c ffe3d6",
        "4a1f52 33143b e8638c a04bc0 ffd0c2",
        "f7dcc0 f1c9a5 d9583b b53a5c ffefdc",
    ),
    "Comedy": genre(
        patterns.confetti,
        "f8de58 f4d33f f49a7c a6e22e fffdf0",
        "ff9d7a ff8a66 ffe066 3d5a98 fff4e6",
        "8fd8f0 6fc8e8 ff6f61 ffd93d ffffff",
        "f7b3cf f39cc0 ffe45e 5a6ff0 ffffff",
        "a8dfb0 8ed29a ff7f50 f7e04b 2f6b8f",
    ),
    "Drama": genre(
        patterns.frames,
        "30455c 22344a c4603f e3b778 8fa8b8",
        "6b3a3a 4a2628 d99a6c f0dcc0 9c5550",
        "d8cfc0 cbbfac 3f5a6c a8452f f4efe4",
        "3d4a3c 2a352a c9a94f e8e2c8 7d9473",
        "52405f 382a44 d0788a f0c9a8 8a6fa3",
        "1f4a52 14343b e0a05a f2e3c4 4f8f94",
    ),
    "IMAX": genre(
        scenes.screen,
        "14283a 0c1a28 bfe3f5 f2a33a 5f8fb0",
        "1a1430 100c20 e6d4ff ff6f91 7a68b5",
    ),
}
"""The most telling first: the first of a movie's genres in this order decides. Names as GroupLens writes them."""

UNKNOWN = genre(
    scenes.beam,
    "23242c 17181e 8f8a7a d8cfae f8f0d8",
    "2b2433 1b1622 857a94 d3c4e0 f3eaff",
    "1f2b2c 131c1d 78908c c4dcd2 effbf4",
)


def telling(genres: Sequence[str]) -> str | None:
    """The genre that decides how a movie is drawn; the first one where none is known, None where there is none."""
    return next((name for name in GENRES if name in genres), genres[0] if genres else None)
