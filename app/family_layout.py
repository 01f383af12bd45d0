"""Where the members of the family tree stand: years across and families in lanes, or years downward on a phone. No place is given by hand.

Pure and deterministic. All lengths are pixels of a drawing that is as wide as it was asked to be; pages enlarge it as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from app.family_rows import GAP, Box, pack, straighten
from app.family_tree import Member

MARK, PAD = 17, 5
"""Of a pill: the box of its mark, the space at its ends."""
WIDE_TOP, GUTTER, LANE_GAP = 24, 84, 4
"""Above for years, at the left for names of lanes, between lanes."""
WIDE_ROW, TALL_ROW, TALL_GUTTER = 22, 42, 44


@dataclass(frozen=True)
class Tick:
    """A year, or the name of a lane, and where it begins and ends."""

    text: str
    begin: float
    end: float


@dataclass(frozen=True)
class Drawing:
    """Everything that has a place."""

    width: float
    height: float
    row: float
    """Height of a row; pills are a little lower."""
    boxes: Mapping[str, Box]
    years: Sequence[Tick]
    """Along the axis of time."""
    lanes: Sequence[Tick]
    """Across it; empty where there are none."""


def label_width(text: str) -> float:
    """Width of a name in Inter at 12 px, rather too wide than too narrow."""
    return sum(
        3.6 if letter in "iIjl .-'" else 4.8 if letter in "frt" else 10.4 if letter in "MWmw@" else 7.4 if letter.islower() or letter.isdigit() else 9.3
        for letter in text
    )  # fmt: skip


def pill_width(member: Member) -> float:
    """From end to end."""
    return PAD + MARK + label_width(member.name) + PAD


Column = tuple[int, int]
"""A year, and the generation within it: children of the same year stand after their parents."""


def columns(tree: Mapping[str, Member]) -> dict[str, Column]:
    """When everybody was. An ancestor of unknown age stands just before its oldest child."""
    found: dict[str, Column] = {}

    def generation(one: str, path: frozenset[str]) -> int:
        year = tree[one].year
        same = [parent for parent in tree[one].parents if tree[parent].year == year and parent not in path]
        return max((1 + generation(parent, path | {parent}) for parent in same), default=0)

    for member in tree.values():
        if member.year is not None:
            found[member.id] = (member.year, generation(member.id, frozenset({member.id})))
    known = sorted(set(found.values()))
    for member in tree.values():
        if member.year is None:
            first = min(found[child.id] for child in tree.values() if member.id in child.parents)
            at = known.index(first)
            found[member.id] = known[at - 1] if at else (first[0] - 1, 0)
    return found


def wide(tree: Mapping[str, Member], families: Sequence[str], width: float = 1_200) -> Drawing:
    """Years from left to right, a lane for each family, as many rows in it as stand beside each other."""
    if not tree:
        return Drawing(width, WIDE_TOP, WIDE_ROW, {}, [], [])
    when, sizes = columns(tree), {one.id: pill_width(one) for one in tree.values()}
    places = across(when, sizes, width)
    boxes = {one: Box(places[when[one]], 0, sizes[one]) for one in tree}
    names = lane_order(tree, families)
    rows: dict[str, int] = {}
    starts, top = {}, 0
    for name in names:
        inside = sorted((one.id for one in tree.values() if one.lane == name), key=lambda one: (boxes[one].x, one))
        starts[name] = top
        top += pack(inside, boxes, rows, tree, top)
    straighten(tree, boxes, rows)
    lane_of = {one: names.index(tree[one].lane) for one in tree}
    middle = {one: WIDE_TOP + (rows[one] + 0.5) * WIDE_ROW + (lane_of[one] + 0.5) * LANE_GAP for one in tree}
    ends = [*(starts[name] for name in names[1:]), top]
    lanes = [
        Tick(name, WIDE_TOP + starts[name] * WIDE_ROW + at * LANE_GAP, WIDE_TOP + end * WIDE_ROW + (at + 1) * LANE_GAP)
        for at, (name, end) in enumerate(zip(names, ends, strict=True))
    ]
    edges = [*places.values(), width]
    ticks = [
        Tick(str(year), group[0], group[-1])
        for year, group in (
            (year, [edges[at] for at in [*which, which[-1] + 1]])
            for year, which in (
                (year, [at for at, _ in some]) for year, some in groupby(enumerate(places), key=lambda one: one[1][0])
            )
        )
    ]
    known = {str(one.year) for one in tree.values()}
    return Drawing(
        width,
        lanes[-1].end,
        WIDE_ROW,
        {one: replace(box, y=middle[one]) for one, box in boxes.items()},
        [tick for tick in ticks if tick.text in known],
        lanes,
    )


def across(when: Mapping[str, Column], sizes: Mapping[str, float], width: float) -> dict[Column, float]:
    """Where each column begins: the more stand in it, the more room, and the longest name still ends within the drawing."""
    order = sorted(set(when.values()))
    crowd = {column: sum(other == column for other in when.values()) for column in order}
    steps = [0.0]
    for before, after in pairwise(order):
        steps.append(steps[-1] + (1 + crowd[before] ** 0.5) * (1 if before[0] != after[0] else 0.6))
    at = dict(zip(order, steps, strict=True))
    scale = min(((width - GUTTER - sizes[one]) / at[column] for one, column in when.items() if at[column]), default=0.0)
    return {column: GUTTER + scale * step for column, step in at.items()}


def lane_order(tree: Mapping[str, Member], families: Sequence[str]) -> list[str]:
    """Lanes that share many edges stand near each other: from the usual order, exchanged two by two while that shortens the edges."""
    present = {one.lane for one in tree.values()}
    order = [name for name in families if name in present] + sorted(present - {*families})
    edges = [(one.lane, tree[parent].lane) for one in tree.values() for parent in one.parents]

    def length(names: list[str]) -> int:
        place = {name: at for at, name in enumerate(names)}
        return sum(abs(place[one] - place[other]) for one, other in edges)

    best, improved = length(order), True
    while improved:
        improved = False
        for left in range(len(order)):
            for right in range(left + 1, len(order)):
                tried = [*order]
                tried[left], tried[right] = tried[right], tried[left]
                if (now := length(tried)) < best:
                    order, best, improved = tried, now, True
    return order


def tall(tree: Mapping[str, Member], families: Sequence[str], width: float = 358) -> Drawing:
    """Years from the top down, each as many lines as it needs; families keep to their side, children near their parents."""
    order = lane_order(tree, families) if tree else []
    when = columns(tree)
    boxes: dict[str, Box] = {}
    ticks: list[Tick] = []
    y = 0.0
    for column in sorted(set(when.values())):
        some = [one for one in tree if when[one] == column]
        wish = {one: wished(tree[one], boxes, order, width) for one in some}
        some.sort(key=lambda one: (wish[one], one))
        begin = y
        for line in lines(some, {one: pill_width(tree[one]) for one in some}, width - TALL_GUTTER):
            at = float(TALL_GUTTER)
            room = width - TALL_GUTTER - sum(pill_width(tree[one]) + GAP for one in line) + GAP
            for one in line:
                slack = min(max(wish[one] - pill_width(tree[one]) / 2 - at, 0.0), room)
                at, room = at + slack, room - slack
                boxes[one] = Box(at, y + TALL_ROW / 2, pill_width(tree[one]))
                at += boxes[one].width + GAP
            y += TALL_ROW
        if any(tree[one].year == column[0] for one in some):
            if ticks and ticks[-1].text == str(column[0]):
                ticks[-1] = replace(ticks[-1], end=y)
            else:
                ticks.append(Tick(str(column[0]), begin, y))
    return Drawing(width, y, TALL_ROW, boxes, ticks, [])


def wished(member: Member, boxes: Mapping[str, Box], lanes: Sequence[str], width: float) -> float:
    """Where its middle would like to be: below its parents and in the part of its family."""
    own = TALL_GUTTER + (width - TALL_GUTTER) * (lanes.index(member.lane) + 0.5) / len(lanes)
    parents = [boxes[parent].x + boxes[parent].width / 2 for parent in member.parents if parent in boxes]
    return (own + sum(parents)) / (1 + len(parents))


def lines(some: Sequence[str], sizes: Mapping[str, float], width: float) -> list[list[str]]:
    """The fewest lines in which they stand, each from the left part of the page to the right."""
    for count in range(1, len(some) + 1):
        dealt = [list(some[start::count]) for start in range(count)]
        if all(sum(sizes[one] + GAP for one in line) - GAP <= width for line in dealt):
            return dealt
    return [[one] for one in some]
