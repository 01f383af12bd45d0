"""The model switch: its order, and that it draws every model that answers."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from app.components.model_switch import place
from app.resources import House
from app.theme import BLOCK_CLIPS, BLOCK_COLOURS
from recommender.models.base import ModelCard


def test_families_stand_as_the_field_grew_and_the_oldest_paper_first(opened: House) -> None:
    ease = opened.cards["ease"]

    def of(slug: str, family: str, year: int) -> ModelCard:
        paper = ease.paper.model_copy(update={"year": year})
        return ease.model_copy(update={"name": slug, "family": family, "paper": paper})

    cards = [
        of("HSTU", "generative", 2024),
        of("Newcomer", "quantum", 1990),
        of("SASRec", "sequential", 2018),
        of("GRU4Rec", "sequential", 2016),
        of("EASE", "classic", 2019),
        of("ItemKNN", "classic", 2001),
    ]
    names = [card.name for card in sorted(cards, key=place)]
    assert names == ["ItemKNN", "EASE", "GRU4Rec", "SASRec", "HSTU", "Newcomer"]


def test_every_model_is_drawn_in_the_colour_and_shape_of_its_block(opened: House) -> None:
    def script() -> None:
        from app.components.model_switch import model_switch
        from app.resources import house

        model_switch(list(house().cards.values()), "ease", lambda slug: None, lambda slug: slug)

    page = AppTest.from_function(script, default_timeout=30).run()
    assert not page.exception
    data = json.loads(page.get("bidi_component")[0].proto.json)
    assert data["chosen"] == "ease"
    assert [model["slug"] for model in data["models"]] == [
        card.slug for card in sorted(opened.cards.values(), key=place)
    ]
    for model in data["models"]:
        block = opened.cards[model["slug"]].block
        assert (model["colour"], model["clip"]) == (BLOCK_COLOURS[block], BLOCK_CLIPS[block])
