"""Learning live: rate a movie, and see at once what two models learned from it, and how sure one of them has become."""

from __future__ import annotations

import streamlit as st

from app import exposure, lessons, movies, navigation, visitor
from app.components import belief_chart, persona_cards, weight_chart
from app.components.poster_grid import Card, poster_grid
from app.components.text import isolated, plain
from app.components.weight_chart import Step
from app.resources import house
from app.theme import inks
from recommender.models.abilities import Belief
from recommender.serving.answers import Answer, Person
from recommender.serving.beliefs import Beliefs
from recommender.serving.live import Lesson

OFFERED = 3
"""Movies to rate beside what they teach: both are to be seen at once."""


def render() -> None:
    """Choose a model; rate from its list; read what it learned."""
    st.markdown(
        "These two learn from a rating **the moment it is given**: no worker, no waiting, and nothing is forgotten when the house closes."
    )
    slug: str = st.segmented_control(
        "Model",
        lessons.models(),
        format_func=lambda slug: house().cards[slug].name,
        default=lessons.models()[0],
        required=True,
        key="live_model",
        label_visibility="collapsed",
        bind="query-params",
    )
    if slug not in {served.card.slug for served in house().engine.served()}:
        untrained(slug)
        return
    learning(slug)


@st.fragment
def learning(slug: str) -> None:
    """Its list to rate from, its lessons, its doubts."""
    person = visitor.history()
    if not len(person.items):
        st.markdown("You have rated **0** movies: rate one of these, or borrow a taste.")
        offer(person, slug)
        persona_cards.render("Or be somebody else for a while")
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Rate from its list", anchor=False)
        offer(person, slug)
    with right:
        st.subheader("What your ratings taught it", anchor=False)
        learned = lessons.lessons(slug)
        if learned:
            taught(slug, learned)
        else:
            st.markdown(
                f"Nothing of yours yet, since {plain(house().cards[slug].name)} was trained: what you rated before was in its training. Rate a movie "
                "and see what it takes from it."
            )
    st.subheader("How sure is it of your list?", anchor=False)
    sure(person, slug)


def offer(person: Person, slug: str) -> None:
    """The first movies of the model's list, with stars."""
    answer: Answer | None = house().engine.answer(person, [slug], OFFERED).get(slug)
    shown = [] if answer is None else [movies.by_item(item) for item in answer.items.tolist()]
    cards = [Card.of(movie) for movie in shown]
    exposure.react(poster_grid(cards, key="live_grid", name=f"list_{slug}"))


def taught(slug: str, learned: list[Lesson]) -> None:
    """One of the last ratings, what was guessed and what moved."""
    place: int = st.selectbox(
        "Rating",
        range(len(learned)),
        format_func=lambda place: named(learned[place]),
        key=f"live_lesson_{slug}_{learned[0].number}",  # a new rating is told of at once
        label_visibility="collapsed",
    )
    lesson = learned[place]
    st.markdown(sentence(lesson))
    item = lesson.learnt.item
    steps = [Step(lessons.words(moved.about, item), moved.before, moved.after) for moved in lesson.learnt.moved]
    if steps:
        weight_chart.render(steps, ink=inks(), key="live_weights")
        st.caption(
            "Ring: the weight before your rating. Dot: after it. “Liked” and “disliked” are shares of what you rated, × is met by a movie. A few movies "
            "drawn at random were learned beside yours as a no."
        )


def named(lesson: Lesson) -> str:
    """A rating for people."""
    return f"{movies.by_item(lesson.learnt.item).label}, {lesson.learnt.stars:g} ★"


def sentence(lesson: Lesson) -> str:
    """What one rating taught, as Markdown."""
    learnt = lesson.learnt
    answer = "a yes" if learnt.yes else "a no"
    moved = f"{learnt.count:,} weights moved" if learnt.count != 1 else "1 weight moved"
    doubted = (
        f" and its doubt about the movie fell by **{percent(1 - learnt.doubt[1] / learnt.doubt[0])}**"
        if learnt.doubt
        else ""
    )
    return (
        f"{isolated(movies.by_item(learnt.item).label)}, {learnt.stars:g} ★, was **{answer}**. It had expected a yes with **{100 * learnt.guessed:.0f} %**. "
        f"In **{lesson.milliseconds:.1f} ms** {moved}, those below furthest{doubted}."
    )


def sure(person: Person, slug: str) -> None:
    """The intervals of the list, and how they narrow."""
    told = lessons.doubts(person, slug)
    if told is None:
        other = next((name for name in lessons.models() if name != slug), slug)
        st.markdown(
            f"{plain(house().cards[slug].name)} keeps one number per weight and **cannot say**. {plain(house().cards[other].name)}, which keeps a doubt "
            "beside each, can."
        )
        return
    titles = [movies.by_item(item).label for item in told.items.tolist()]
    st.markdown(narrowed(told))
    belief_chart.intervals(titles, told.belief, ink=inks(), key="live_intervals")
    st.caption(
        "Amber: where the chance lies with 95 %, now; dot: the chance. Grey: the same movies before the ratings that it learned from you here."
    )
    if told.numbers:
        names = {lesson.number: named(lesson) for lesson in lessons.lessons(slug)}
        belief_chart.narrowing(
            [names[number] for number in told.numbers], told.belief, ink=inks(), key="live_narrowing"
        )
        st.caption(
            "The doubt about the movies that are your list now, after each of your ratings, beside what it was before them. It falls as the model gets to "
            "know you, and as you and others teach it; a first dislike can raise it, since what you dislike is one more thing to be unsure about."
        )


def narrowed(told: Beliefs) -> str:
    """How large the doubt is and how far it fell, as Markdown."""
    belief = told.belief
    now = f"Of the first {len(told.items)} movies of your list, the chance of a yes is known to **± {50 * width(belief):.0f} points** on average"
    if not told.numbers:
        return f"{now}. Each rating takes some of the doubt away."
    count = "your last rating" if len(told.numbers) == 1 else f"your last {len(told.numbers)} ratings"
    changed = belief_chart.changed(belief)[-1]
    way = "less" if changed < 0 else "more"
    return f"{now}. The doubt about these movies is **{percent(abs(changed))} {way}** than before {count}."


def width(belief: Belief) -> float:
    """Of the intervals as they are now, 0..1, the mean over the movies."""
    return float((belief.high - belief.low)[-1].mean())


def percent(share: float) -> str:
    """With so many digits that something small is not nothing."""
    return f"{100 * share:.2g} %"


def untrained(slug: str) -> None:
    """For a model that does not answer."""
    name = plain(house().cards[slug].name)
    st.info(f"{name} is not trained yet, so it cannot go on learning. Train it from its card.", icon=":material/info:")
    st.page_link(
        navigation.page("models"),
        label=f"The card of {name}",
        icon=":material/account_tree:",
        query_params={"about": slug},
    )
