"""Cold start, What to ask: the question, why it is asked, what an answer changes; and the first set of the welcome page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import asking, bridge, first_set, movies
from app.asking import NAMES, Candidate
from app.resources import House
from app.views.cold_start import asking as stage
from db import jobs, model_versions, ratings, skips
from recommender.elicitation.strategies import entropy0, product
from recommender.serving.answers import Served
from recommender.serving.memory import Memory

View = Callable[..., AppTest]
QUESTION = "What to ask"


def text(page: AppTest) -> str:
    return "\n".join(part.value for part in [*page.markdown, *page.caption])


def served(house: House, slug: str = "ease") -> Served:
    return next(model for model in house.engine.served() if model.card.slug == slug)


def nobody(house: House) -> Any:
    return bridge.person(house, None)


def test_the_page_asks_with_numbers_and_says_why(view: View) -> None:
    page = view("cold_start", stage=QUESTION)
    assert not page.exception
    said = text(page)
    assert "Have you seen **" in said
    assert "of people like you who have, **" in said
    assert "An answer would exchange **" in said
    assert "Asked because of all answers this one is expected to make EASE’s list better by most" in said
    assert len(page.get("vega_lite_chart")) == 1


@pytest.mark.parametrize("strategy", list(NAMES))
def test_every_strategy_asks_its_own_best(view: View, opened: House, strategy: str) -> None:
    page = view("cold_start", stage=QUESTION)
    page.segmented_control(key="strategy").set_value(strategy).run()
    assert not page.exception
    crowd = asking.crowd(opened)
    first = asking.candidates(nobody(opened), set(), served(opened), strategy)[0]
    by_hand = {
        "popularity": int(crowd.questions[0]),
        "entropy": int(crowd.questions[entropy0(crowd).argmax()]),
        "product": int(crowd.questions[product(crowd).argmax()]),
    }
    assert first.item == by_hand.get(strategy, first.item)
    assert movies.by_item(first.item).title in text(page).replace("\\", "")


def test_an_answer_leads_to_another_question_and_says_what_it_changed(view: View, opened: House, me: int) -> None:
    page = view("cold_start", stage=QUESTION)
    asked = asking.candidates(nobody(opened), set(), served(opened), "gain")[0]
    with opened.database.session() as rows:
        for movie_id in (movies.by_item(asked.item).movie_id, 260, 1196):
            ratings.put(rows, me, movie_id, 5.0)
    page.run()
    assert not page.exception
    assert "Your last answer brought **" in text(page)
    person = bridge.person(opened, me)
    following = asking.candidates(person, set(), served(opened), "gain")
    assert asked.item not in {candidate.item for candidate in following}
    with opened.database.session() as rows:
        skips.put(rows, me, movies.by_item(following[0].item).movie_id)
    page.run()
    third = asking.candidates(person, {movies.by_item(following[0].item).movie_id}, served(opened), "gain")
    assert following[0].item not in {candidate.item for candidate in third}
    assert movies.by_item(third[0].item).title in text(page).replace("\\", "")


def test_a_model_with_one_list_for_all_says_that_no_answer_changes_it(view: View, opened: House) -> None:
    found = asking.candidates(nobody(opened), set(), served(opened, "popularity"), "gain")
    assert all(candidate.gain is None for candidate in found)
    assert found[0].item == int(asking.crowd(opened).questions[0])
    said = stage.sentence(found[0], served(opened, "popularity").card)
    assert "shows everybody the same list, so no answer changes it" in said


def test_a_model_that_fails_at_it_leaves_the_page_standing(
    view: View, opened: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("no such luck")

    monkeypatch.setattr("app.asking.expected_gain", breaks)
    monkeypatch.setattr("app.asking._gains", Memory(1))
    page = view("cold_start", stage=QUESTION)
    assert not page.exception
    assert "Have you seen **" in text(page)
    assert "EASE could not weigh questions" in caplog.text


def test_the_replay_is_asked_for_and_shown(view: View, opened: House) -> None:
    page = view("cold_start", stage=QUESTION)
    assert "EASE has not been asked yet" in text(page)
    page.button(key="measure_asking").click().run()
    with opened.database.reading() as rows:
        (job,) = jobs.active(rows)
    assert (job.kind, job.model, job.settings) == ("evaluate", "ease", {"protocol": "elicitation"})
    assert page.button(key="measure_asking").disabled

    def figure(value: float, lead: float | None) -> dict[str, Any]:
        metric = {"value": value, "low": value - 0.01, "high": value + 0.01, "n": 120}
        ahead = None if lead is None else {"value": lead, "low": lead - 0.03, "high": lead + 0.03, "n": 120}
        return {"quality": metric, "lead": ahead, "p": 0.01, "answers": 2.0}

    moments = ("3 questions", "5 questions", "10 questions", "20 questions", "5 answers")
    figures = {name: {at: figure(0.4, None if name == "popularity" else 0.05) for at in moments} for name in NAMES}
    kept = {"people": 120, "seed": 0, "start": figure(0.3, None)["quality"], "figures": figures, "seconds": 1}
    version = served(opened).version
    with opened.database.session() as rows:
        jobs.request_cancel(rows, job.id)
        model_versions.add(rows, "ease", version, 1.0, "abc")
        model_versions.measured(rows, "ease", version, {"elicitation": kept})
    page.run()
    assert not page.exception
    assert "After **5** answers EASE reaches NDCG@10 **.400** when it asks by expected gain: **+0.050**" in text(page)
    assert "more than luck explains" in text(page)
    assert len(page.get("vega_lite_chart")) == 2


def test_a_sentence_without_a_chance_of_an_answer_divides_by_nothing(opened: House) -> None:
    never = Candidate(0, 0.1, 0.5, 0.0, (1.0, 0.0, 0.0, 0.0), 0.0)
    assert "love it" not in stage.sentence(never, opened.cards["ease"])


def test_the_first_set_is_the_models_own_once_it_is_ready(view: View, opened: House) -> None:
    expected = first_set.prepare(served(opened)).result(timeout=60)
    assert len(set(expected)) == first_set.OPENING
    view("for_you")
    assert first_set.prepare(served(opened, "popularity")).result(timeout=60) == ()


def test_an_answered_movie_makes_room_for_what_is_worth_most_by_then(
    opened: House, me: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr("app.session.first_set", lambda: state.get("board", ()))
    monkeypatch.setattr("app.session.set_first_set", lambda items: state.update(board=tuple(items)))
    monkeypatch.setattr("app.session.model", lambda: "ease")
    first_set.prepare(served(opened)).result(timeout=60)
    begun = first_set.on_page(nobody(opened), set(), 12)
    assert [movie.item for movie in begun] == list(first_set.prepare(served(opened)).result()[:12])
    with opened.database.session() as rows:
        ratings.put(rows, me, begun[3].movie_id, 4.0)
    person = bridge.person(opened, me)
    after = first_set.on_page(person, set(), 12)
    stayed = [movie for movie in begun if movie is not begun[3]]
    assert [movie.item for movie in after[:-1]] == [movie.item for movie in stayed], "nothing else moves"
    weighed = asking.gains(person, set(), served(opened))
    assert weighed is not None
    on_the_page = {movie.item for movie in stayed}
    assert after[-1].item == next(item for item in weighed.items.tolist() if item not in on_the_page)
    skipped = {after[0].movie_id}
    assert after[0].item not in {movie.item for movie in first_set.on_page(person, skipped, 12)}


def test_somebody_new_is_asked_what_most_know_while_the_model_still_thinks(
    opened: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import Future

    monkeypatch.setattr("app.session.first_set", lambda: ())
    monkeypatch.setattr("app.session.set_first_set", lambda items: None)
    monkeypatch.setattr("app.session.model", lambda: "ease")
    monkeypatch.setattr("app.first_set.prepare", lambda served: Future())
    shown = first_set.on_page(nobody(opened), set(), 12)
    assert [movie.item for movie in shown] == list(first_set.ordered(opened)[:12])


def test_a_model_that_takes_too_long_is_not_waited_for(opened: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_set, "TOO_SLOW_SECONDS", -1)
    first_set._opening.cache_clear()
    assert first_set.prepare(served(opened)).result(timeout=60) == ()
    first_set._opening.cache_clear()
