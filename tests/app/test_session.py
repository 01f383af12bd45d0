"""What a page remembers: the model that address and memory agree on, the list to compare with, what was seen, who is here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.session import Shown

SERVED = ["ease", "markov", "popularity"]


def page(script: Callable[[], None], **query: str) -> AppTest:
    """A page that runs `script`; what it puts into the state's "said" is its answer."""
    test = AppTest.from_function(script, default_timeout=30)
    for key, value in query.items():
        test.query_params[key] = value
    return test


def said(test: AppTest, **state: Any) -> Any:
    """Run the page once more with `state` and give back its answer."""
    for key, value in state.items():
        test.session_state[key] = value
    test.run()
    assert not test.exception
    return test.session_state["said"]


def settling() -> None:
    import streamlit as st

    from app import session

    unknown = session.settle_model(st.session_state["served"], ["missing", "markov"])
    st.session_state["said"] = session.model(), unknown, st.query_params["model"]


def test_the_address_decides() -> None:
    assert said(page(settling, model="ease"), served=SERVED) == ("ease", None, "ease")


def test_without_an_address_the_first_preferred_that_is_ready_opens() -> None:
    assert said(page(settling), served=SERVED) == ("markov", None, "markov")
    assert said(page(settling), served=["popularity"]) == ("popularity", None, "popularity")


def test_without_an_address_the_memory_decides() -> None:
    assert said(page(settling), served=SERVED, chosen_model="popularity") == ("popularity", None, "popularity")


def test_an_unknown_model_is_named_and_replaced_in_the_address() -> None:
    assert said(page(settling, model="nonesuch"), served=SERVED) == ("markov", "nonesuch", "markov")


def test_a_model_that_is_gone_makes_room() -> None:
    test = page(settling, model="ease")
    said(test, served=SERVED)
    assert said(test, served=["popularity"])[0] == "popularity"


def showing() -> None:
    import streamlit as st

    from app import session

    st.session_state["said"] = session.show(st.session_state["now"])


def test_a_list_is_compared_with_the_last_of_another_model_or_history() -> None:
    ease, markov = Shown("ease", "1.3", (1, 2, 3)), Shown("markov", "1.3", (3, 4, 5))
    rated = Shown("markov", "1.4", (4, 5, 6))
    test = page(showing)
    assert said(test, now=ease) is None
    assert said(test, now=ease) is None, "the same list again is nothing to compare with"
    assert said(test, now=markov) == ease
    assert said(test, now=markov) == ease, "drawing the page again, for More say, keeps the comparison"
    assert said(test, now=rated) == markov
    assert said(test, now=ease) == rated


def seeing() -> None:
    import streamlit as st

    from app import session

    now, count = st.session_state["now"]
    before = session.seen(now)
    session.set_seen(now, count)
    st.session_state["said"] = before


def test_what_was_seen_belongs_to_one_list() -> None:
    ease, markov = Shown("ease", "1.3", (1, 2, 3)), Shown("markov", "1.3", (1, 2, 3))
    test = page(seeing)
    assert said(test, now=(ease, 2)) == 0
    assert said(test, now=(ease, 3)) == 2
    assert said(test, now=(markov, 1)) == 0


def remembering() -> None:
    import streamlit as st

    from app import session

    before = session.person_of("one")
    session.set_person("one", 7)
    st.session_state["said"] = before, session.person_of("one"), session.person_of("two")


def test_a_person_is_remembered_for_their_own_token_only() -> None:
    assert said(page(remembering)) == (None, 7, None)


def lengthening() -> None:
    import streamlit as st

    from app import session

    first = session.list_length()
    session.lengthen()
    st.session_state["said"] = first, session.list_length()


def test_more_shows_one_page_more() -> None:
    assert said(page(lengthening)) == (24, 48)


@pytest.mark.parametrize("asked", [(), ("ease", "markov")])
def test_the_columns_of_compare_stand_in_the_address(asked: tuple[str, ...]) -> None:
    def comparing() -> None:
        import streamlit as st

        from app import session

        st.session_state["chosen_model"] = "ease"
        asked = session.asked_columns()
        session.put_side_by_side(["markov", "popularity"])
        st.session_state["said"] = asked, session.asked_columns()

    query = {"compare": ",".join(asked)} if asked else {}
    assert said(page(comparing, **query)) == (asked, ("markov", "popularity"))
