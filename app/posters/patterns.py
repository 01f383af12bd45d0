"""Grammars without a horizon: pure form. Each draws the upper part of a poster from dice and a palette."""

from __future__ import annotations

import math

from app.posters.drawing import HORIZON, WIDTH, Dice, Point, box, circle, line, number, path, polygon, ring, smooth
from app.posters.palettes import Palette


def orbits(dice: Dice, colours: Palette) -> str:
    """Science fiction: rings around a sun, a planet on some of them."""
    x, y, reach = dice.between(110, 290), dice.between(150, 260), dice.between(1.22, 1.42)
    bright, radius, drawn = dice.whole(2, 4), dice.between(38, 52), ""
    for _ in range(dice.whole(14, 26)):
        drawn += circle(dice.between(0, WIDTH), dice.between(0, HORIZON), dice.between(0.8, 2.2), colours.third, 0.7)
    for place in range(8):
        light = place == bright
        width = 6.5 if light else dice.between(2.5, 6)
        drawn += ring(
            x, y, radius, colours.third if light else colours.first, width, 0.9 if light else 0.85 - place * 0.08
        )
        if dice.chance(0.45):
            angle = dice.between(0, 2 * math.pi)
            planet = dice.pick([colours.second, colours.third, colours.first])
            drawn += circle(x + math.cos(angle) * radius, y + math.sin(angle) * radius, dice.between(5, 13), planet)
        radius *= reach
    return drawn + circle(x, y, 26, colours.second, 0.5) + circle(x, y, 17, colours.second)


def discs(dice: Dice, colours: Palette) -> str:
    """Romance: two families of discs, one leaning into the other."""
    x, y, r = dice.between(150, 250), dice.between(170, 230), dice.between(125, 160)
    angle, drawn = dice.between(0, 2 * math.pi), ""
    if dice.chance(0.5):
        apart = r * dice.between(0.42, 0.62)
        dx, dy = math.cos(angle) * apart, math.sin(angle) * apart * 0.7
        for side, colour in ((-1, colours.first), (1, colours.second)):
            for step in range(4):
                drawn += circle(x + side * dx, y + side * dy, r * (0.82 - 0.19 * step), colour, 0.5)
        return drawn
    for step in range(6):
        colour = colours.second if step % 2 else colours.first
        lean = step * r * 0.125
        drawn += circle(x + math.cos(angle) * lean, y + math.sin(angle) * lean, r * (1 - step * 0.15), colour, 0.72)
    return drawn


def blinds(dice: Dice, colours: Palette) -> str:
    """Crime: slats of a blind, and one round hole through which somebody looks."""
    slope, gap, top = dice.between(-0.34, 0.34), dice.whole(28, 40), dice.between(-120, -60)
    x, y, r = dice.between(90, 310), dice.between(110, 270), dice.between(38, 72)
    drawn = circle(x, y, r, colours.second)
    for place in range(22):
        left = top + place * gap
        thick = gap * (0.35 + 0.35 * abs(math.sin(place * 0.45)))
        ends = [(0, left), (WIDTH, left - slope * WIDTH), (WIDTH, left - slope * WIDTH + thick), (0, left + thick)]
        drawn += polygon(ends, colours.third if place % 7 == 3 else colours.first, 0.92 - 0.025 * place)
    return drawn


def window(dice: Dice, colours: Palette) -> str:
    """Film noir: light falls through a blind onto a wall, and somebody's shadow into the light."""
    lean, left, top = dice.between(-90, 90), dice.between(70, 130), dice.between(40, 80)
    width, height, slats = dice.between(190, 240), dice.between(300, 350), dice.whole(8, 12)
    tilt, step, drawn = dice.between(-30, 30), height / slats, ""
    for place in range(slats):
        y, shift = top + place * step, lean * place / slats
        ends = [(left + shift, y), (left + shift + width, y + tilt)]
        ends += [(left + shift + width + 4, y + tilt + step * 0.55), (left + shift + 4, y + step * 0.55)]
        drawn += polygon(ends, colours.first, 0.95 - 0.05 * place)
    x, hat = left + width * dice.between(0.35, 0.7), top + height * dice.between(0.3, 0.45)
    brim = f"M{x - 66:.0f} {hat:.0f}q66 -20 132 0q-22 14 -34 12q0 46 -22 60q4 20 66 46v260h-180v-260q52 -26 62 -46q-22 -14 -22 -60q-12 2 -34 -12z"
    crown = f"M{x - 36:.0f} {hat:.0f}q2 -48 20 -52q16 8 32 0q18 4 20 52z"
    return drawn + path(brim, colours.third) + path(crown, colours.third)


def confetti(dice: Dice, colours: Palette) -> str:
    """Comedy: paper rounds, half rounds and streamers in the air, thrown evenly."""
    drawn, hues = "", [colours.first, colours.second, colours.third]
    for row in range(7):
        for column in range(5):
            x, y = 40 + column * 80 + dice.between(-34, 34), 20 + row * 66 + dice.between(-28, 28)
            hue, r, kind = dice.pick(hues), dice.between(7, 30) * (1.15 - row * 0.08), dice.between(0, 1)
            turn = dice.whole(0, 359)
            if kind < 0.55:
                drawn += circle(x, y, r, hue)
            elif kind < 0.78:
                half = f"M{number(-r)} 0a{number(r)} {number(r)} 0 0 1 {number(2 * r)} 0z"
                drawn += f'<path transform="translate({x:.0f} {y:.0f})rotate({turn})" d="{half}" fill="{hue}"/>'
            elif kind < 0.92:
                wave = "M-30 0q10 -18 20 0t20 0t20 0"
                drawn += f'<g transform="translate({x:.0f} {y:.0f})rotate({turn})">{line(wave, hue, 7)}</g>'
    return drawn


def blobs(dice: Dice, colours: Palette) -> str:
    """Animation: soft creatures, crowded; one or two of them look at you."""
    drawn, hues = "", [colours.first, colours.second, colours.third]
    faces: list[Point] = []
    for place in range(9):
        x, y = dice.between(10, 390), dice.between(0, 400)
        rx, ry = dice.between(48, 110), dice.between(40, 92)
        turn = dice.whole(-40, 40)
        drawn += f'<ellipse rx="{rx:.0f}" ry="{ry:.0f}" transform="translate({x:.0f} {y:.0f})rotate({turn})" fill="{hues[place % 3]}" opacity=".72"/>'
    for _ in range(dice.whole(1, 2)):
        x, y = dice.between(110, 290), dice.between(90, 300)
        if all(math.hypot(x - a, y - b) > 150 for a, b in faces):
            faces.append((x, y))
            look, size = dice.between(-6, 6), dice.between(17, 24)
            drawn += circle(x, y + 14, size * 3.4, hues[len(faces)])
            for side in (-1, 1):
                drawn += circle(x + side * size * 1.15, y, size, "#fff")
                drawn += circle(x + side * size * 1.15 + look, y + 3, size * 0.5, "#17151a")
    return drawn


def shards(dice: Dice, colours: Palette) -> str:
    """Thriller: blades of glass fall from the upper edge, or from the side."""
    drawn, hues, source = "", [colours.first, colours.second, colours.third], dice.between(60, 340)
    for place in range(10):
        x, width = dice.between(-40, 440), dice.between(26, 92)
        tip = (x + (source - x) * dice.between(0.2, 0.9), dice.between(190, 470))
        drawn += polygon([(x - width / 2, -10), (x + width / 2, -10), tip], hues[place % 3], dice.between(0.35, 0.8))
    cut = dice.between(60, 200)
    return drawn + line(f"M-10 {cut:.0f}L410 {cut + dice.between(60, 240):.0f}", colours.third, 2.5, 0.9)


def waves(dice: Dice, colours: Palette) -> str:
    """Musical: a melody in five parallel lines, and its notes."""
    drawn, phase, swing = "", dice.between(0, 6), dice.between(34, 70)
    bends, middle, hues = dice.between(0.9, 1.8), dice.between(190, 240), [colours.first, colours.second, colours.third]
    for place in range(9):
        y0, amplitude = middle + (place - 4) * 27, swing * (1 - 0.05 * place)
        points = [
            (x, y0 + amplitude * math.sin(phase + place * 0.1 + x / WIDTH * bends * 2 * math.pi))
            for x in range(-40, 441, 40)
        ]
        drawn += line(smooth(points), hues[place % 3], 4 + 7 * abs(math.sin(place * 0.8 + phase)), 0.92)
        if place % 2 == 0:
            x, y = dice.pick(points[2:-2])
            drawn += circle(x, y, dice.between(11, 19), dice.pick([colours.ink, *hues]))
    return drawn


def rays(dice: Dice, colours: Palette) -> str:
    """Action: everything flies out from one point."""
    x, y, count = dice.between(120, 280), dice.between(140, 250), dice.whole(16, 28)
    turn, slim, drawn = dice.between(0, 1), dice.between(0.36, 0.6), ""
    wedges = ""
    for place in range(count):
        ends = [2 * math.pi * (place + turn + side * slim / 2) / count for side in (-1, 1)]
        wedges += f"M{x:.0f} {y:.0f}" + "".join(
            f"L{x + 620 * math.cos(a):.0f} {y + 620 * math.sin(a):.0f}" for a in ends
        )
    r = dice.between(46, 74)
    drawn += path(wedges, colours.first) + circle(x, y, r * 1.35, colours.ground)
    if dice.chance(0.5):
        drawn += circle(x, y, r, colours.second) + ring(x, y, r, colours.third, 6)
    else:
        drawn += (
            ring(x, y, r, colours.third, 7)
            + ring(x, y, r * 0.6, colours.second, 12)
            + circle(x, y, r * 0.25, colours.third)
        )
    return drawn


def frames(dice: Dice, colours: Palette) -> str:
    """Drama: frame within frame, a stage seen ever deeper; nested rectangles, arches or doors that lean."""
    kind, drawn = dice.whole(0, 2), ""
    x, y, width, height = 44.0, 44.0, 312.0, 390.0
    hues = [colours.first, colours.second, colours.ground, colours.third]
    drift, sink = dice.between(-9, 9), dice.between(4, 13)
    start, turn = dice.whole(0, 3), dice.between(-5, 5) if kind == 2 else 0
    for place in range(6):
        hue = hues[(place + start) % 4]
        if kind == 1:
            r = width / 2
            shape = (
                f"M{x:.0f} {y + height:.0f}v{-(height - r):.0f}a{r:.0f} {r:.0f} 0 0 1 {width:.0f} 0v{height - r:.0f}z"
            )
            drawn += path(shape, hue)
        else:
            centre = f"{x + width / 2:.0f} {y + height / 2:.0f}"
            drawn += f'<g transform="rotate({place * turn:.0f} {centre})">{box(x, y, width, height, hue)}</g>'
        narrower, lower = width * 0.2, height * 0.17
        x, y = x + narrower / 2 + drift, y + lower / 2 + sink
        width, height = width - narrower, height - lower
    return drawn


def halftone(dice: Dice, colours: Palette) -> str:
    """Documentary: a picture printed in dots, light from one corner or from the middle."""
    x0, y0, reach, gap = dice.between(0, WIDTH), dice.between(20, 330), dice.between(240, 380), 25
    dots: dict[int, str] = {}
    for row in range(18):
        for column in range(17):
            x, y = column * gap + (row % 2) * gap // 2, row * gap + 6
            size = 2 * round(11 * max(0.0, 1 - math.hypot(x - x0, y - y0) / reach))
            if size > 2:
                dots[size] = dots.get(size, "") + f"M{x} {y}h0"
    drawn = "".join(f'<path d="{d}" stroke-width="{size}"/>' for size, d in dots.items())
    return f'<g stroke="{colours.first}" stroke-linecap="round">{drawn}</g>' + circle(
        x0, y0, dice.between(26, 46), colours.third
    )


def quarters(dice: Dice, colours: Palette) -> str:
    """Children: building blocks; squares, quarter rounds and discs, laid edge to edge."""
    side, drawn, hues = 100, "", [colours.first, colours.second, colours.third, colours.ink]
    for row in range(4):
        for column in range(4):
            x, y = column * side, row * side
            under, over = dice.pick([colours.sky, *hues[:3]]), dice.pick(hues)
            drawn += box(x, y, side, side, under)
            over = hues[(hues.index(over) + 1) % 4] if over == under else over
            kind, turn = dice.whole(0, 3), dice.whole(0, 3) * 90
            if kind == 0:
                drawn += circle(x + 50, y + 50, dice.pick([20, 32, 42]), over)
            elif kind == 1:
                shape = "M-50 -50h100a100 100 0 0 1 -100 100z"
                drawn += f'<path transform="translate({x + 50} {y + 50})rotate({turn})" d="{shape}" fill="{over}"/>'
            elif kind == 2:
                shape = "M-50 -50a50 50 0 0 1 100 0z"
                drawn += f'<path transform="translate({x + 50} {y + 50})rotate({turn})translate(0 50)" d="{shape}" fill="{over}"/>'
            else:
                shape = "M-50 -50h100l-100 100z"
                drawn += f'<path transform="translate({x + 50} {y + 50})rotate({turn})" d="{shape}" fill="{over}"/>'
    return drawn
