"""Newcomer: how good each model is for somebody who has shown it none to twenty ratings, and where the visitor stands among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from app import exposure, movies, navigation, newcomers, session, theme, visitor, workshop
from app.components import model_panel, named_lines, training
from app.components.leaderboard import decimal
from app.components.named_lines import Line, Mark
from app.components.poster_grid import Card, poster_grid
from app.components.text import plain
from app.newcomers import BASELINE, ENOUGH, Course
from app.resources import house
from app.workshop import Metric, Shelved
from recommender.models.base import ModelCard
from recommender.serving.answers import Person

METRICS = {"ndcg@10": "NDCG@10", "hr@10": "Hit rate@10"}
SHOWN = 10
"""Movies of the list as it would be."""


def render() -> None:
    """Sentence, curves, what is missing; below them the list as it would be with fewer ratings."""
    person, shelf = visitor.history(), workshop.shelf()
    known = newcomers.courses(shelf)
    rated = len(person.items)
    st.markdown(sentence(known, session.model(), rated))
    chart = st.container()
    unmeasured(newcomers.missing(shelf, known), known)
    training.progress(every_step=True)
    kept = forget(person, house().cards[session.model()])
    if known:
        with chart:  # stands above, but what the visitor forgets is drawn in it
            curves(known, rated, kept)


def sentence(known: Mapping[str, Course], chosen: str, rated: int) -> str:
    """Who is best for somebody like the visitor, and from when on the chosen model is worth more than popularity; as Markdown."""
    if not known:
        return "How good is a list for somebody who has rated **0** to **20** movies? No model has been measured yet."
    best = newcomers.best(known, rated or ENOUGH)
    shown = best.at(rated or ENOUGH)
    point = best.points[shown]
    with_so_many = f"With **{shown}** {'rating' if shown == 1 else 'ratings'}"
    if shown != rated:
        with_so_many += f" (you have **{rated:,}**)"
    said = f"{with_so_many} {plain(best.card.name)} is best: NDCG@10 **{decimal(point.figures['ndcg@10'].value)}**"
    if point.lead is not None and point.baseline is not None:
        said += f" against popularity’s **{decimal(point.baseline)}** ({lead(point.lead)})"
    own = known.get(chosen)
    return f"{said}. {passing(own)}" if own is not None and own.card.personal else f"{said}."


def lead(ahead: Metric) -> str:
    """A lead over popularity with its interval, and what it is worth, as Markdown."""
    figures = f"**{signed(ahead.value)}**, {signed(ahead.low)} to {signed(ahead.high)}"
    return figures if ahead.low > 0 or ahead.high < 0 else f"{figures}: that may be luck"


def signed(value: float) -> str:
    """A difference to three decimals, with its sign."""
    return f"{'−' if round(value, 3) < 0 else '+'}{decimal(abs(value))}"


def passing(course: Course) -> str:
    """From how many ratings on a model is worth more than popularity, in one sentence of Markdown."""
    name, last = plain(course.card.name), max(course.points)
    if course.passes is None:
        return f"{name} is behind popularity even with **{last}**."
    if course.passes == 1:
        return f"{name} is not behind popularity from the first rating on."
    worst = min((point.lead for point in course.points.values() if point.lead), key=lambda ahead: ahead.value)
    return f"{name} needs about **{course.passes}** to pass popularity; before that it is up to **{decimal(-worst.value)}** behind."


def curves(known: Mapping[str, Course], rated: int, kept: int) -> None:
    """The chart, the figure it shows, and how it was measured."""
    chosen = session.model()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("How good, after how many ratings", anchor=False)
        metric = st.segmented_control(
            "Figure",
            list(METRICS),
            format_func=METRICS.__getitem__,
            default="ndcg@10",
            required=True,
            key="newcomer_metric",
            label_visibility="collapsed",
        )
    ink, steps = theme.inks(), sorted({shown for course in known.values() for shown in course.points})
    named = {chosen, BASELINE, newcomers.best(known, rated or ENOUGH).card.slug}
    lines = [
        Line(
            course.card.name,
            ink.text if slug == BASELINE else theme.BLOCK_COLOURS[course.card.block],
            {shown: point.figures[metric] for shown, point in course.points.items() if metric in point.figures},
            thick=slug in named,
            chosen=slug == chosen,
            dashed=slug == BASELINE,
        )
        for slug, course in known.items()
    ]
    marks = [Mark(named_lines.place(steps, rated), f"you: {rated:,}")]
    if kept != rated:
        marks = [
            Mark(named_lines.place(steps, kept), f"you with {kept:,}"),
            *marks[: kept <= rated - 1 and rated <= steps[-1]],
        ]
    named_lines.render(lines, steps, marks, x="ratings shown", y=METRICS[metric], ink=ink, key="newcomer_curves")
    people = max(figure.n for line in lines for figure in line.points.values())
    st.caption(
        f"{people:,} people were held out whole: no model learned from them. Each shows their first ratings; {METRICS[metric]} over everything that they "
        f"rated after the first {steps[-1]}, among all movies. Bands are 95 % intervals; point at a line for its name and figures."
    )


def unmeasured(missing: Sequence[Shelved], known: Mapping[str, Course]) -> None:
    """Who has not been measured, and the button that changes it."""
    if not missing:
        return
    seconds = sum(model.manifest.seconds for model in missing if model.manifest)
    names = ", ".join(plain(model.card.name) for model in missing[: training.NAMED])
    more = f" and {len(missing) - training.NAMED} more" if len(missing) > training.NAMED else ""
    with st.container(horizontal=True, vertical_alignment="center", key="unmeasured"):
        label = "Measure newcomers" if not known else f"Measure the other {len(missing)}"
        if st.button(label, key="measure_newcomers", icon=":material/straighten:"):
            workshop.measure([model.card.slug for model in missing], newcomers.PROTOCOL)
            st.rerun()
        st.caption(
            f"Not measured yet: {names}{more}. Each is trained once more, without those people: about {model_panel.duration(seconds)}."
        )


def forget(person: Person, card: ModelCard) -> int:
    """The chosen model's list as it would be without the latest ratings; nothing is deleted. Returns how many it still reads."""
    rated = len(person.items)
    st.subheader("Forget my last ratings", anchor=False)
    if not rated:
        st.markdown(
            "You have rated **0** movies, so there is nothing to forget: rate a few, or borrow a persona under For you."
        )
        st.page_link(navigation.page("for_you"), label="Rate a first few", icon=":material/movie:")
        return 0
    kept = rated - st.slider(
        "How many of the last", 0, rated, key="forget", help="Nothing is deleted: the list below is only imagined."
    )
    show_imagined(person, card, kept)
    return kept


def show_imagined(person: Person, card: ModelCard, kept: int) -> None:
    """The list after the first `kept` ratings, and how it differs from the one after all of them."""
    rated = len(person.items)
    imagined = Person(
        person.items[:kept], person.ratings[:kept], person.timestamps[:kept], f"{person.version} first {kept}"
    )
    answer = house().engine.answer(imagined, [card.slug], SHOWN).get(card.slug)
    now = house().engine.answer(person, [card.slug], 100).get(card.slug)
    if answer is None or now is None:
        st.info(f"{plain(card.name)} could not answer just now.", icon=":material/info:")
        return
    places = {int(item): rank for rank, item in enumerate(now.items, 1)}
    items = [int(item) for item in answer.items]
    other = sum(places.get(item, SHOWN + 1) > SHOWN for item in items)
    st.markdown(what_is_imagined(card, kept, rated, other, len(items), answer.fallback))
    cards = []
    for rank, item in enumerate(items, 1):
        movie = movies.by_item(item)
        card_now = Card(movie.movie_id, movie.title, movie.year, rank=rank)
        if kept < rated:
            card_now = replace(card_now, change=places[item] - rank if item in places else "new")
        cards.append(card_now)
    exposure.react(poster_grid(cards, key="imagined", name=f"imagined_{card.slug}_{kept}"))


def what_is_imagined(card: ModelCard, kept: int, rated: int, other: int, listed: int, fallback: str | None) -> str:
    """The list in one sentence of Markdown."""
    name = plain(card.name)
    if kept == rated:
        return f"This is {name}’s list after all **{rated:,}** of your ratings. Slide, and it forgets the latest."
    said = (
        f"With your first **{kept:,}** of {rated:,} ratings {name} would show you **{other} of {listed}** other movies"
    )
    return f"{said}." if fallback is None else f"{said}, those that everybody likes: {plain(fallback)}."
