"""Rows of the family tree: who stands beside whom within a lane, so that lines are short and seldom cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.family_tree import Member

GAP = 5
"""The least space between two pills of a row."""
SWEEPS = 6


@dataclass(frozen=True)
class Box:
    """A member's pill, from its left end; `y` is its middle."""

    x: float
    y: float
    width: float


def pack(
    inside: Sequence[str], boxes: Mapping[str, Box], rows: dict[str, int], tree: Mapping[str, Member], top: int
) -> int:
    """Give each of a lane, from left to right, the free row nearest to its parents. Returns the number of rows: the fewest that do."""
    count = most_side_by_side([boxes[one] for one in inside])
    ends = [float("-inf")] * count
    for one in inside:
        free = [row for row in range(count) if ends[row] + GAP <= boxes[one].x]
        placed = [rows[parent] - top for parent in tree[one].parents if parent in rows]
        wish = sum(placed) / len(placed) if placed else (count - 1) / 2
        row = min(free, key=lambda row: (abs(row - wish), row))
        rows[one], ends[row] = top + row, boxes[one].x + boxes[one].width
    return count


def most_side_by_side(boxes: Sequence[Box]) -> int:
    """The largest number of pills, in any rows, that one upright line touches."""
    return max(sum(other.x <= box.x < other.x + other.width + GAP for other in boxes) for box in boxes)


def straighten(tree: Mapping[str, Member], boxes: Mapping[str, Box], rows: dict[str, int]) -> None:
    """Exchange places within lanes while that makes edges shorter, lets fewer of them cross and fewer run behind others."""
    edges = [(parent, one.id) for one in tree.values() for parent in one.parents]
    touching = {one: [edge for edge in edges if one in edge] for one in tree}

    def cost(some: Sequence[str]) -> float:
        mine = {edge for one in some for edge in touching[one]}
        return sum(
            abs(rows[a] - rows[b]) + 3 * hidden(a, b) + 1.5 * sum(crosses(a, b, *other) for other in edges)
            for a, b in mine
        )

    def hidden(a: str, b: str) -> bool:
        """Whether somebody else stands in the way, so that the line would seem to come from them."""
        return rows[a] == rows[b] and any(
            row == rows[a] and boxes[a].x < boxes[one].x < boxes[b].x for one, row in rows.items()
        )

    def crosses(a: str, b: str, c: str, d: str) -> bool:
        if len({a, b, c, d}) < 4 or boxes[a].x >= boxes[d].x or boxes[c].x >= boxes[b].x:
            return False
        return (rows[a] - rows[c]) * (rows[b] - rows[d]) < 0

    def fits(one: str) -> bool:
        box = boxes[one]
        return all(
            rows[other.id] != rows[one]
            or other.id == one
            or boxes[other.id].x >= box.x + box.width + GAP
            or boxes[other.id].x + boxes[other.id].width + GAP <= box.x
            for other in tree.values()
            if other.lane == tree[one].lane
        )

    for _ in range(SWEEPS):
        moved = False
        for one in sorted(tree, key=lambda one: (boxes[one].x, one)):
            lane = [other.id for other in tree.values() if other.lane == tree[one].lane]
            for row in sorted({rows[other] for other in lane}):
                beside = [other for other in lane if rows[other] == row and abs(boxes[other].x - boxes[one].x) < 90]
                swapped = [one, *beside]
                if row == rows[one]:
                    continue
                before, old = cost(swapped), {other: rows[other] for other in swapped}
                rows.update(dict.fromkeys(beside, old[one]) | {one: row})
                if all(map(fits, swapped)) and cost(swapped) < before - 1e-9:
                    moved = True
                else:
                    rows.update(old)
        if not moved:
            return
