"""Every model says what it is, and its file, class, card and settings agree."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from recommender.errors import MarqueeError
from recommender.models import registry
from recommender.models.base import Block, Config, Recommender, slug

FAMILIES = Path(registry.package.__path__[0])


@pytest.mark.parametrize("name", registry.names())
def test_the_file_is_where_the_card_says(name: str) -> None:
    cls = registry.model_class(name)
    file = Path(inspect.getfile(cls))
    assert file.stem == name == cls.card.slug == slug(cls.__name__)
    assert file.parent == FAMILIES / cls.card.family


@pytest.mark.parametrize("name", registry.names())
def test_the_card_leaves_nothing_empty(name: str) -> None:
    card = registry.model_class(name).card
    for text in (card.name, card.sentence, card.ratings, card.departures, card.paper.authors, card.paper.title):
        assert text.strip() == text != ""
    for text in (card.sentence, card.ratings, card.departures):
        assert text[-1] in ".!?"
    assert 1960 <= card.paper.year <= 2100
    assert card.block in Block
    assert card.min_history >= (1 if card.personal else 0)
    assert card.name not in card.parents
    assert card.side_information or not card.scores_cold_items, "a cold movie is known by its features alone"


@pytest.mark.parametrize("name", registry.names())
def test_every_setting_has_a_range_and_a_source(name: str) -> None:
    cls = registry.model_class(name)
    assert issubclass(cls.Config, Config)
    for setting, about in cls.Config.model_json_schema()["properties"].items():
        assert re.search(r"\bSource: \S", about.get("description", "")), f"{setting} does not name its source"
        assert "default" in about, f"{setting} has no default"
        if about.get("type") in ("integer", "number"):
            assert {"minimum", "exclusiveMinimum"} & about.keys(), f"{setting} has no lower bound"
            assert {"maximum", "exclusiveMaximum"} & about.keys(), f"{setting} has no upper bound"
        else:
            assert "enum" in about or about.get("type") == "boolean", f"{setting} is not a number, a choice or a switch"
    assert cls.Config(**cls.quick).model_dump().keys() == cls.Config.model_fields.keys()


def test_every_file_in_a_family_is_one_model() -> None:
    files = {path.stem for path in FAMILIES.glob("*/*.py") if path.stem != "__init__"}
    assert sorted(files) == registry.names()
    assert all(issubclass(registry.model_class(name), Recommender) for name in files)


def test_names_are_unique() -> None:
    names = [card.name for card in registry.cards()]
    assert len(set(names)) == len(names) >= 6


def test_models_and_families_are_named_in_one_list() -> None:
    assert registry.matching("markov, classic") == registry.matching("classic")
    assert registry.matching("ease,markov,") == ["ease", "markov"]
    with pytest.raises(MarqueeError, match=r"no model called clasic"):
        registry.matching("clasic")


def test_a_wrong_name_gets_the_nearest() -> None:
    with pytest.raises(MarqueeError, match=r"no model called eas; did you mean ease"):
        registry.model_class("eas")
    with pytest.raises(MarqueeError, match=r"choose from .*bpr, .*ease"):
        registry.model_class("zzzzzz")


@pytest.mark.parametrize(("name", "expected"), [("DCN-V2", "dcnv2"), ("iALS", "ials"), ("Wide & Deep", "widedeep")])
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected
