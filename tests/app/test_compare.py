"""Compare: columns from the address, the sentence, the slopes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app.components.rank_slopes import Slope, disputed
from app.resources import House
from app.views import compare
from db import ratings

View = Callable[..., AppTest]


@pytest.fixture
def rated(opened: House, me: int) -> None:
    """Three ratings of the visitor."""
    with opened.database.session() as rows:
        for movie_id in (1200, 589, 541):
            ratings.put(rows, me, movie_id, 4.5)


def test_the_models_of_the_address_stand_side_by_side(view: View, rated: None) -> None:
    page = view("compare", compare="markov,popularity")
    assert not page.exception
    assert page.title[0].value == "Two models, one you"
    assert any("share **" in part.value and "of 10**" in part.value for part in page.markdown)
    assert page.get("vega_lite_chart")


def test_without_an_address_the_choice_is_made_and_kept_in_it(view: View, rated: None) -> None:
    page = view("compare")
    assert not page.exception
    assert str(page.query_params["compare"]).split(",")[0].strip("[]'") == "ease"


def test_an_unknown_model_is_told(view: View, rated: None) -> None:
    page = view("compare", compare="nonesuch,ease,markov")
    assert "There is no model called “nonesuch”" in page.warning[0].value


def test_nobody_yet(view: View) -> None:
    page = view("compare")
    assert not page.exception
    assert any("You have rated **0** movies" in part.value for part in page.markdown)


@pytest.mark.parametrize(("many", "kind"), [(16, "pills"), (1, "multiselect")])
def test_of_few_models_one_picks_by_a_click_of_many_by_name(
    view: View, rated: None, many: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However they are picked, the columns follow and stand in the address; fewer than two are no choice."""
    monkeypatch.setattr(compare, "MANY", many)
    page = view("compare", compare="markov,popularity")
    field = page.get(kind)[0]
    assert set(field.value) == {"markov", "popularity"}
    field.set_value([*field.value, "ease"]).run()
    assert not page.exception
    assert page.title[0].value == "Three models, one you"
    page.get(kind)[0].set_value(["ease"]).run()
    assert page.title[0].value == "Three models, one you"


def test_the_most_disputed_titles_are_named_where_there_is_room() -> None:
    slopes = [Slope("a", (1, 1000)), Slope("b", (2, 1001)), Slope("c", (500, 3)), Slope("d", (5, 5))]
    assert [slope.title for slope in disputed(slopes)][:2] == ["a", "c"]
