"""The family tree: who belongs to it and to its lines, where everybody stands, and what a click does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from app.components.family_tree import LARGEST, SMALLEST, UNMEASURED, State, signs
from app.components.model_switch import FAMILIES
from app.family_layout import Drawing, columns, label_width, lane_order, pill_width, tall, wide
from app.family_rows import GAP, pack
from app.family_rows import Box as Pill
from app.family_tree import LINES, Member, above, below, members
from app.resources import House
from recommender.models import registry
from recommender.models.base import Block, ModelCard, Paper

View = Callable[..., AppTest]


def card(
    name: str, year: int, parents: tuple[str, ...] = (), family: str = "classic", block: Block = Block.LINEAR
) -> ModelCard:
    """A card that says no more than the tree reads."""
    paper = Paper(authors="A", year=year, title="T")
    return ModelCard(
        name=name,
        family=family,
        block=block,
        paper=paper,
        sentence="S.",
        ratings="R.",
        departures="D.",
        parents=parents,
    )


@some.composite
def families(draw: some.DrawFn) -> dict[str, Member]:
    """Any set of cards: parents older, of the same year or, by mistake, younger, registered or not."""
    names = [f"M{number}" + "x" * draw(some.integers(0, 14)) for number in range(draw(some.integers(1, 40)))]
    lanes = ["classic", "interaction", "sequential", "unheard of"]
    cards = []
    for name in names:
        parents = draw(some.lists(some.sampled_from([*names, "Elsewhere", "Older", "MLP"]), max_size=3, unique=True))
        kept = tuple(parent for parent in parents if parent != name)
        cards.append(card(name, draw(some.integers(2000, 2026)), kept, draw(some.sampled_from(lanes))))
    return members(cards)


def overlaps(drawing: Drawing) -> list[tuple[str, str]]:
    """Pills that touch."""
    return [
        (one, other)
        for (one, a), (other, b) in combinations(drawing.boxes.items(), 2)
        if abs(a.y - b.y) < drawing.row - 1e-6 and a.x < b.x + b.width and b.x < a.x + a.width
    ]


@settings(max_examples=60, deadline=None)
@given(families())
def test_nobody_stands_on_anybody_and_everybody_on_the_page(tree: dict[str, Member]) -> None:
    for drawing in (wide(tree, FAMILIES), tall(tree, FAMILIES)):
        assert drawing.boxes.keys() == tree.keys()
        assert overlaps(drawing) == []
        for box in drawing.boxes.values():
            assert box.x >= 0
            assert box.x + box.width <= drawing.width + 1e-6
            assert 0 < box.y < drawing.height


@settings(max_examples=60, deadline=None)
@given(families())
def test_time_runs_one_way_and_children_stand_behind_their_parents(tree: dict[str, Member]) -> None:
    across, down = wide(tree, FAMILIES).boxes, tall(tree, FAMILIES).boxes
    when = columns(tree)
    for one in tree.values():
        for parent in one.parents:
            if when[parent] < when[one.id]:
                assert across[parent].x < across[one.id].x
                assert down[parent].y < down[one.id].y
            if tree[parent].year is None:
                assert when[parent] < when[one.id]


@settings(max_examples=20, deadline=None)
@given(families())
def test_the_same_cards_give_the_same_picture(tree: dict[str, Member]) -> None:
    assert wide(tree, FAMILIES) == wide(dict(reversed(tree.items())), FAMILIES)
    assert tall(tree, FAMILIES) == tall(dict(tree), FAMILIES)


def test_a_child_of_the_same_year_stands_behind_its_parent() -> None:
    tree = members([card("A", 2017), card("B", 2017, ("A",)), card("C", 2017, ("B",))])
    assert columns(tree) == {"a": (2017, 0), "b": (2017, 1), "c": (2017, 2)}
    boxes = wide(tree, FAMILIES).boxes
    assert boxes["a"].x < boxes["b"].x < boxes["c"].x


def test_an_ancestor_stands_just_before_its_oldest_child() -> None:
    tree = members([card("A", 2001), card("B", 2010), card("C", 2017, ("Elder",)), card("D", 2019, ("elder",))])
    assert tree["elder"] == Member("elder", "Elder", "classic", None, (), None)
    assert columns(tree)["elder"] == (2010, 0)


def test_lanes_that_share_edges_come_together() -> None:
    tree = members(
        [card("A", 2001, (), "classic"), card("B", 2002, (), "interaction"), card("C", 2003, ("A",), "sequential")]
    )
    order = lane_order(tree, FAMILIES)
    assert abs(order.index("classic") - order.index("sequential")) == 1


def test_a_lane_has_no_more_rows_than_pills_side_by_side() -> None:
    tree = members([card("A", 2001), card("B", 2002), card("C", 2003)])
    boxes: Mapping[str, Pill] = {"a": Pill(0, 0, 50), "b": Pill(30, 0, 50), "c": Pill(50 + GAP, 0, 50)}
    rows: dict[str, int] = {}
    assert pack(["a", "b", "c"], boxes, rows, tree, top=4) == 2
    assert {*rows.values()} == {4, 5}
    assert rows["a"] == rows["c"] != rows["b"]


def test_above_and_below() -> None:
    tree = members([card("A", 2001, ("R",)), card("B", 2002, ("A",)), card("C", 2003, ("B",)), card("D", 2003, ("R",))])
    assert above(tree, "b") == {"b", "a", "r"}
    assert below(tree, "a") == {"a", "b", "c"}
    assert below(tree, "r") == {"r", "a", "b", "c", "d"}


def test_the_lines_follow_from_the_cards() -> None:
    tree = members(registry.cards())
    lit = {name: rule(tree) for name, rule in LINES.items()}
    assert {"fm", "lr", "deepfm", "xdeepfm", "ffm", "nfm", "afm"} <= lit["FM's line"]
    assert "ease" not in lit["FM's line"]
    assert {"mlp", "widedeep", "youtubednn", "din", "dcn", "dcnv2"} <= lit["Embedding and MLP"]
    assert {"gru4rec", "narm"} <= lit["RNN"]
    assert {"sasrec", "hstu"} <= lit["Attention"]
    assert "autoint" not in lit["Attention"], "it reads no order"
    new = members([*registry.cards(), card("Brand New", 2027, ("DeepFM",), "interaction")])
    assert "brandnew" in LINES["FM's line"](new)
    assert "brandnew" in wide(new, FAMILIES).boxes


def test_the_tree_of_the_house_fits_a_projector_and_a_phone() -> None:
    tree = members(registry.cards())
    across, down = wide(tree, FAMILIES), tall(tree, FAMILIES)
    assert across.height <= 720, "as high as a screen"
    assert (across.width, down.width) == (1200, 358)
    assert {one.name for one in tree.values() if one.card} == {one.name for one in registry.cards()}


def test_seventy_five_models_fit_a_screen() -> None:
    known = registry.cards()
    more = [
        card(f"Newcomer{number}", 2013 + number % 12, (known[number].name,), ("multi_objective", "online")[number % 2])
        for number in range(75 - len(known))
    ]
    drawing = wide(members([*known, *more]), FAMILIES)
    assert drawing.height <= 740, "at 1200 wide, where names are 12 px: a screen and a little"
    assert overlaps(drawing) == []


def test_names_have_room() -> None:
    tree = members([card("RecentPopularity", 2001)])
    assert pill_width(tree["recentpopularity"]) > label_width("RecentPopularity") > 12 * 0.5 * 16


def test_signs_grow_with_quality() -> None:
    known = {
        "a": State(True, 0.02, ""),
        "b": State(True, 0.06, ""),
        "c": State(True, 0.04, ""),
        "d": State(True, None, ""),
    }
    assert signs(known) == {
        "a": SMALLEST,
        "b": LARGEST,
        "c": pytest.approx((SMALLEST + LARGEST) / 2, abs=0.1),
        "d": UNMEASURED,
    }
    assert signs({"a": State(True, 0.02, "")}) == {"a": LARGEST}


def test_models_opens_on_the_tree(view: View, opened: House) -> None:
    page = view("models")
    assert not page.exception
    said = page.markdown[0].value
    assert f"**{len(registry.names())}** models" in said
    assert "**3** are trained here" in said or "**2** are trained here" in said


def test_a_line_stands_in_the_address(view: View) -> None:
    page = view("models", line="RNN")
    assert not page.exception
    assert page.button_group(key="line").value == "RNN"


def test_the_address_opens_a_card_below_the_tree(view: View) -> None:
    page = view("models", about="ease")
    assert not page.exception
    assert any("Embarrassingly Shallow" in part.proto.body for part in page.get("html"))


def test_a_model_that_does_not_exist_is_said(view: View) -> None:
    page = view("models", about="<b>")
    assert not page.exception
    assert "There is no model called" in page.warning[0].value
