"""Objectives: what one wish costs another, for this visitor and as measured, and which goals lose when they share a network."""

from __future__ import annotations

import streamlit as st

from app import navigation, objective_trials, visitor
from app.components import front_chart, objective_sliders, seesaw_chart
from app.components.text import plain
from app.objective_trials import COMMAND, Objectives
from app.resources import house
from app.theme import inks
from recommender.serving.blend import objectives
from recommender.serving.trade import Traded, trade

EVERY_SECONDS = 2.0
K = 10


def render() -> None:
    """The visitor's own trade, then what was measured."""
    st.markdown(
        "Some models guess several goals at once: will you **watch** it, **like** it, **love** it, **keep going** after it? No list is best at all of them."
    )
    st.subheader("What does novelty cost you?", anchor=False)
    mine()
    st.subheader("Who loses by sharing?", anchor=False)
    st.markdown(
        "One network for all goals is cheaper, and what one goal learns may help another. But where goals want different things, one goes up and another "
        "down: the **seesaw**. Left of the line, a goal was told better by a network of its own."
    )
    found = objective_trials.found()
    if found is None:
        unmeasured()
    else:
        show(found)


def mine() -> None:
    """This visitor's lists as novelty counts for more."""
    person = visitor.history()
    slugs = [served.card.slug for served in house().engine.served() if objectives(house().engine, served.card.slug)]
    if not slugs:
        st.info(
            "No model of several goals is trained yet. Train one from its card, SharedBottom for a start.",
            icon=":material/info:",
        )
        return
    if not len(person.items):
        st.markdown("You have rated **0** movies, so there is nothing yet to weigh: rate a few.")
        st.page_link(navigation.page("for_you"), label="Rate a first few", icon=":material/star:")
        return
    slug = st.segmented_control(
        "Model", slugs, format_func=lambda slug: house().cards[slug].name, default=slugs[0], required=True,
        key="objectives_model", bind="query-params",
    )  # fmt: skip
    house().engine.answer(person, [slug], K)
    wishes = objective_sliders.wished(objectives(house().engine, slug))
    lists = trade(house().engine, person, slug, wishes, objective_sliders.facts(house()), K)
    name = plain(house().cards[slug].name)
    if not lists:
        st.info(f"{name} cannot read your ratings, so it has no list of its own to weigh.", icon=":material/info:")
        return
    st.markdown(sentence(lists, name))
    front_chart.own(lists, wishes.novelty, ink=inks())
    st.caption(
        "Each point is a list of ten, as the novelty slider of For you goes from 0 to 100 %. "
        + plain(name)
        + "'s own guesses."
    )


def sentence(lists: list[Traded], name: str) -> str:
    """The two ends, as Markdown."""
    first, last = lists[0], lists[-1]
    return (
        f"With novelty at 0 %, {name} gives you a **{first.liked:.0%}** chance of liking each of the ten, and **{first.raters:.1%}** of people have rated them; "
        f"at 100 % it is **{last.liked:.1%}**, and **{last.raters:.1%}** have."
    )


@st.fragment(run_every=EVERY_SECONDS)
def unmeasured() -> None:
    """How to have it measured, or how far it is."""
    if objective_trials.found() is not None:
        st.rerun(scope="app")
    share, trouble = objective_trials.progress()
    if objective_trials.running():
        st.progress(
            share, text="Training every model once shared and once for each goal alone: about a quarter of an hour"
        )
        return
    if trouble is not None:
        st.warning(plain(trouble), icon=":material/warning:")
    st.info(
        f"Not measured on this data yet. `{COMMAND}` does it, or the button: about a quarter of an hour.",
        icon=":material/info:",
    )
    st.button("Measure now", key="measure_objectives", icon=":material/straighten:", on_click=objective_trials.begin)


def show(found: Objectives) -> None:
    """Both charts and what they say."""
    st.markdown(losers(found))
    seesaw_chart.render(found, ink=inks())
    st.caption(
        f"AUC: how often a yes is put above a no. {found.people} people whom no network had seen show 20 ratings, {found.hidden:,} later ones are hidden. "
        "Watching: their movies against all others; the rest: among what they rated. "
        f"Bars are 95 % intervals. {found.epochs} epochs each, {found.seeds} {'seed' if found.seeds == 1 else 'seeds'}."
    )
    st.subheader("Which lists are beaten by none?", anchor=False)
    st.markdown(
        "Each point is a model with some weight on novelty. On the dashed line, the **Pareto front**, nothing else is better at one without being worse at the other."
    )
    front_chart.measured(found, ink=inks())


def losers(found: Objectives) -> str:
    """Which goals lose, as Markdown."""
    lost = {
        goal: [plain(found.names[slug]) for slug in found.seesaw if found.loses(slug, task)]
        for task, goal in seesaw_chart.NAMES.items()
    }
    if not any(lost.values()):
        return "Here **no goal** loses: every interval reaches zero or lies above it."
    told = "; ".join(f"**{goal}** in {', '.join(names)}" for goal, names in lost.items() if names)
    return f"Loses, its whole interval below zero: {told}."
