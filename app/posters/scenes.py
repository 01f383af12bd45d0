"""Grammars with a horizon: something seen from somewhere. Each draws the upper part of a poster from dice and a palette."""

from __future__ import annotations

import math

from app.posters.drawing import HEIGHT, HORIZON, WIDTH, Dice, box, circle, line, path, polygon, ring, smooth, star
from app.posters.palettes import Palette, mix


def teeth(dice: Dice, colours: Palette) -> str:
    """Horror: a jaw closes on whatever is between its teeth: the moon, or an eye."""
    x, y, r = dice.between(130, 270), dice.between(130, 190), dice.between(44, 64)
    drawn = circle(x, y, r, colours.second)
    if dice.chance(0.5):
        drawn += f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{r * 0.2:.0f}" ry="{r * 0.8:.0f}" fill="{colours.ground}"/>'
    both = dice.chance(0.6)
    for upper in (True, False) if both else (False,):
        base, gum = (-20, dice.between(20, 50)) if upper else (HEIGHT, dice.between(300, 330))
        points, at = [(-10.0, base), (-10.0, gum)], -10.0
        while at < WIDTH:
            width = dice.between(24, 46)
            long = dice.between(40, 110) if upper else dice.between(70, 190)
            points += [(at + width / 2, gum + (long if upper else -long)), (at + width, gum + dice.between(-14, 14))]
            at += width
        drawn += polygon([*points, (at, base)], colours.first if upper else colours.ground)
    return drawn


def hills(dice: Dice, colours: Palette) -> str:
    """Western: a low sun, far mesas, hills, and one line of road or fence."""
    drawn = circle(dice.between(110, 290), dice.between(150, 230), dice.between(74, 112), colours.first)
    if dice.chance(0.6):
        at, mesa = -20.0, f"M-20 {HORIZON}"
        while at < WIDTH:
            width, tall = dice.between(60, 130), dice.between(60, 150)
            mesa += (
                f"L{at:.0f} {HORIZON - 70}l{width * 0.2:.0f} -{tall:.0f}h{width * 0.6:.0f}l{width * 0.2:.0f} {tall:.0f}"
            )
            at += width + dice.between(20, 90)
        drawn += path(mesa + f"L420 {HORIZON}z", colours.third)
    for place, hue in enumerate((colours.second, mix(colours.second, colours.ground, 0.55), colours.ground)):
        level = 290 + place * 52
        points = [(x, level + dice.between(-42, 42)) for x in range(-60, 521, 116)]
        drawn += path(smooth(points) + f"V{HEIGHT}H-60z", hue)
    if dice.chance(0.4):
        x, y = dice.between(60, 330), dice.between(290, 320)
        cactus = f"M{x:.0f} {y + 90:.0f}v-110M{x:.0f} {y + 30:.0f}h-24v-32M{x:.0f} {y + 16:.0f}h22v-30"
        drawn += f'<g stroke-linejoin="round">{line(cactus, colours.ground, 14)}</g>'
    return drawn


def ridges(dice: Dice, colours: Palette) -> str:
    """Adventure: range behind range into the haze, and a light to walk towards."""
    drawn = circle(dice.between(90, 310), dice.between(80, 180), dice.between(34, 58), colours.third)
    for place in range(4):
        hue = mix(colours.first, colours.ground, place / 3)
        level, points, at = 170 + place * 74, [(-20.0, 620.0)], -20.0
        while at < WIDTH + 40:
            peak = dice.between(30, 120) * (1 - place * 0.14)
            points += [(at, level + dice.between(20, 60)), (at + dice.between(30, 60), level - peak)]
            at += dice.between(80, 140)
        drawn += polygon([*points, (440, level + 30), (440, 620)], hue)
        if place == 1 and dice.chance(0.6):
            x, y = max(points[1:], key=lambda point: -point[1])
            drawn += polygon(
                [(x, y), (x - 20, y + 38), (x - 4, y + 28), (x + 8, y + 42), (x + 18, y + 30)], colours.second
            )
    return drawn


def night(dice: Dice, colours: Palette) -> str:
    """Fantasy: a moon, stars that mean something, and sometimes towers."""
    drawn = ""
    for _ in range(dice.whole(24, 38)):
        drawn += circle(dice.between(0, WIDTH), dice.between(0, HORIZON), dice.between(1, 3.2), colours.third, 0.9)
    for _ in range(dice.whole(3, 6)):
        drawn += star(dice.between(24, 376), dice.between(24, 350), dice.between(10, 24), colours.third, inner=0.18)
    x, y, r = dice.between(140, 260), dice.between(130, 200), dice.between(70, 100)
    inner = r * dice.between(0.78, 0.95)
    horns = f"A{r:.0f} {r:.0f} 0 1 0 {x + r * 0.5:.0f} {y + r * 0.866:.0f}A{inner:.0f} {inner:.0f} 0 1 1"
    moon = f"M{x + r * 0.5:.0f} {y - r * 0.866:.0f}{horns} {x + r * 0.5:.0f} {y - r * 0.866:.0f}z"
    turn = dice.whole(-50, 20) + dice.pick([0, 180])
    drawn += f'<g transform="rotate({turn} {x:.0f} {y:.0f})">{path(moon, colours.first)}</g>'
    if dice.chance(0.6):
        at, towers = dice.between(-10, 20), ""
        while at < WIDTH:
            width, top, roof = dice.between(26, 50), dice.between(290, 380), dice.between(40, 84)
            towers += f"M{at:.0f} {HEIGHT}V{top:.0f}h-6l{width / 2 + 6:.0f} -{roof:.0f} {width / 2 + 6:.0f} {roof:.0f}h-6V{HEIGHT}z"
            at += width + dice.between(0, 26)
        drawn += path(towers, colours.second)
    return drawn


def columns(dice: Dice, colours: Palette) -> str:
    """War: ranks of columns under a burnt sun, some of them broken off."""
    drawn, at = circle(dice.between(110, 290), dice.between(110, 190), dice.between(52, 84), colours.second), -6.0
    tilt = dice.between(-60, 60)
    while at < WIDTH:
        width, top = dice.between(13, 30), 250 + tilt * (at / WIDTH - 0.5) + dice.between(-120, 70)
        slant = dice.between(-16, 16)
        ends = [(at, HEIGHT), (at, top), (at + width, top + slant), (at + width, HEIGHT)]
        drawn += polygon(
            ends, colours.third if dice.chance(0.1) else mix(colours.first, colours.ground, dice.between(0, 0.6))
        )
        at += width + dice.between(5, 13)
    return drawn


def door(dice: Dice, colours: Palette) -> str:
    """Mystery: a door stands ajar; its light lies on the floor, and so does somebody's shadow, or a key."""
    x, top, width, foot = dice.between(130, 240), dice.between(50, 90), dice.between(56, 92), dice.between(300, 330)
    spread, reach = dice.between(-130, 60), dice.between(90, 140)
    drawn = box(0, foot, WIDTH, HEIGHT - foot, mix(colours.ground, colours.first, 0.25))
    drawn += box(x, top, width, foot - top, colours.second)
    floor = [(x, foot), (x + width, foot), (x + width + spread + 110, foot + reach), (x + spread - 30, foot + reach)]
    drawn += polygon(floor, colours.second, 0.75)
    leaf = dice.between(46, 80)
    drawn += polygon([(x, top), (x - leaf, top - 24), (x - leaf, foot + 30), (x, foot)], colours.first)
    drawn += circle(x - leaf * 0.14, (top + foot) / 2 + 16, 5, colours.third)
    if dice.chance(0.6):
        at, tall = x + width * dice.between(0.35, 0.65), (foot - top) * dice.between(0.5, 0.62)
        body = f"M{at - 15:.0f} {foot:.0f}l3 -{tall * 0.72:.0f}q12 -14 24 0l3 {tall * 0.72:.0f}z"
        drawn += path(body, colours.ground) + circle(at, foot - tall * 0.88, 11, colours.ground)
        shadow = [
            (at - 14, foot),
            (at + 14, foot),
            (at + 34 + spread * 0.9, foot + reach),
            (at - 14 + spread * 0.9, foot + reach),
        ]
        drawn += polygon(shadow, colours.ground, 0.8)
    return drawn


def screen(dice: Dice, colours: Palette) -> str:
    """IMAX: one enormous screen, and the heads before it."""
    bend, top = dice.between(16, 34), dice.between(50, 80)
    low, drawn = top + 210, ""
    shape = f"M20 {top:.0f}Q200 {top + bend:.0f} 380 {top:.0f}V{low:.0f}Q200 {low - bend:.0f} 20 {low:.0f}z"
    drawn += path(shape, colours.first) + circle(
        dice.between(120, 280), top + 110, dice.between(40, 62), colours.second
    )
    for row in range(5):
        y, gap = low + 34 + row * 30, 30 + row * 5
        heads = "".join(f"M{x:.0f} {y:.0f}h0" for x in _spread(200 + (row % 2) * gap / 2, gap))
        drawn += line(
            heads, colours.third if row == dice.whole(0, 4) else mix(colours.ground, colours.third, 0.3), 20 + row * 3
        )
    return drawn


def _spread(middle: float, gap: float) -> list[float]:
    """Places from edge to edge, `gap` apart, one of them at the middle."""
    count = math.ceil(WIDTH / 2 / gap) + 1
    return [middle + step * gap for step in range(-count, count + 1)]


def beam(dice: Dice, colours: Palette) -> str:
    """No genre known: the projector's beam in an empty house, dust in it."""
    x, y, low = dice.pick([30, 370]), dice.between(50, 100), dice.between(230, 280)
    far = WIDTH - x + (30 if x < 200 else -30) * 3
    drawn = polygon([(x, y - 5), (x, y + 5), (far, low + 110), (far, low - 90)], colours.first, 0.55)
    drawn += polygon([(x, y - 5), (x, y + 5), (far, low + 60), (far, low - 30)], colours.second, 0.5)
    for _ in range(dice.whole(24, 40)):
        along, across = dice.between(0.15, 1), dice.between(-0.8, 0.8)
        drawn += circle(
            x + (far - x) * along,
            y + (low + 10 - y) * along + 95 * along * across,
            dice.between(1, 3.4),
            colours.third,
            0.8,
        )
    return drawn + circle(x, y, 26, colours.third) + ring(x, y, 38, colours.third, 4)
