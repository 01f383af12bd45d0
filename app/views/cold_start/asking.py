"""What to ask: one movie at a time, why this one, and what the answer changes in the chosen model's first ten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app import asking, exposure, movies, session, theme, visitor, workshop
from app.asking import GAIN, NAMES, Candidate
from app.components import named_lines, question_chart, training
from app.components.leaderboard import decimal
from app.components.named_lines import Line
from app.components.poster_grid import Card, poster_grid
from app.components.text import isolated, plain
from app.resources import house
from app.workshop import Metric
from recommender.models.base import ModelCard
from recommender.serving.answers import Answer, Person, Served

SHOWN = 10
DEPTH = 100
"""Length of the lists that are compared, so that a rise from further down has its number."""
COLOURS = {GAIN: "#f2a33a", "product": "#3fb56b", "entropy": "#4c8dff"}
"""Of the strategies' lines; popularity, which they are held against, is drawn in ink."""


def render() -> None:
    """The question and why; the list that it is asked for; whether asking like this pays."""
    person, unseen = visitor.history(), visitor.skipped()
    served = next(model for model in house().engine.served() if model.card.slug == session.model())
    answer = house().engine.answer(person, [served.card.slug], DEPTH).get(served.card.slug)
    before = (
        None if answer is None else session.before_answer(as_shown(answer, person))
    )  # before a quick click ends this run
    strategy = st.session_state.get("strategy") or GAIN
    with st.spinner(f"{plain(served.card.name)} weighs what it could ask", show_time=True):
        open_questions = asking.candidates(person, unseen, served, strategy)
    if open_questions:
        st.markdown(sentence(open_questions[0], served.card))
    else:
        st.markdown("You have been asked about **everything** that most people know. Find others under Browse.")
    st.segmented_control(
        "Ask by", list(NAMES), format_func=NAMES.__getitem__, default=GAIN, required=True, key="strategy"
    )
    if open_questions:
        question(open_questions, strategy, served.card)
    listed(answer, before, person, served.card)
    replayed(served)


def sentence(asked: Candidate, card: ModelCard) -> str:
    """The question with its numbers, as Markdown."""
    title = isolated(movies.by_item(asked.item).title)
    said = f"Have you seen **{title}**? **{percent(asked.seen)}** of all people have"
    if asked.chance is None:
        return (
            f"{said}. {plain(card.name)} shows everybody the same list, so no answer changes it."
            if not card.personal
            else f"{said}."
        )
    seen = 1 - asked.chance[0]
    if seen > 0:
        said += f"; of people like you who have, **{percent(asked.chance[3] / seen)}** love it and **{percent(asked.chance[1] / seen)}** dislike it"
    return f"{said}. An answer would exchange **{asked.moved:.1f} of {SHOWN}** movies of {plain(card.name)}’s list."


def percent(share: float) -> str:
    """A share 0..1 as people read it."""
    return f"{100 * share:.0f} %"


def why(asked: Candidate, strategy: str, card: ModelCard) -> str:
    """Why this one is asked now, as Markdown."""
    if strategy == GAIN and asked.gain is not None:
        return (
            f"Asked because of all answers this one is expected to make {plain(card.name)}’s list better by most: NDCG@10 **{asked.gain:+.3f}** "
            "on average over people who have answered as you did, those included who have not seen it."
        )
    reasons = {
        "popularity": "Asked because most people can answer it, whatever the answer is worth.",
        "entropy": "Asked because its answer is the hardest to foretell, “not seen” counted as half an answer.",
        "product": "Asked because many have seen it and those who have disagree.",
    }
    return reasons.get(strategy, reasons["popularity"])


def question(candidates: Sequence[Candidate], strategy: str, card: ModelCard) -> None:
    """The poster with its stars beside the chart of all that could be asked."""
    movie = movies.by_item(candidates[0].item)
    poster, chart = st.columns([1, 3], gap="large")
    with poster:
        exposure.react(poster_grid([Card.of(movie, skippable=True)], key="question", name=f"question_{movie.movie_id}"))
    with chart:
        st.markdown(why(candidates[0], strategy, card))
        question_chart.render(candidates, ink=theme.inks(), key="question_chart")
        st.caption(
            "Each bubble is a movie that could be asked about: the larger, the more its answer is expected to improve the list. The bright one is asked now."
        )


def as_shown(answer: Answer, person: Person) -> session.Shown:
    """A list with what it was made from."""
    return session.Shown(answer.slug, person.version, tuple(int(item) for item in answer.items))


def listed(answer: Answer | None, before: session.Shown | None, person: Person, card: ModelCard) -> None:
    """The model's first ten, and what the last answer changed in them."""
    if answer is None:
        st.info(f"{plain(card.name)} could not answer just now.", icon=":material/info:")
        return
    st.subheader(f"{plain(card.name)}’s first {SHOWN} now", anchor=False)
    st.markdown(changed(answer, before, len(person.items)))
    places = {} if before is None else {item: rank for rank, item in enumerate(before.items, 1)}
    cards = []
    for rank, item in enumerate(answer.items[:SHOWN].tolist(), 1):
        movie = movies.by_item(item)
        change: Any = None if before is None else places[item] - rank if item in places else "new"
        cards.append(Card(movie.movie_id, movie.title, movie.year, rank=rank, change=change))
    exposure.react(poster_grid(cards, key="asking_list", name=f"asking_{card.slug}"))


def changed(answer: Answer, before: session.Shown | None, rated: int) -> str:
    """What the last answer did, as Markdown."""
    if answer.fallback is not None:
        return f"This is what everybody likes, for now: {plain(answer.fallback)}."
    if before is None:
        return f"It reads your **{rated}** {'rating' if rated == 1 else 'ratings'}. Answer, and see what changes."
    earlier = set(before.items[:SHOWN])
    fresh = [movies.by_item(int(item)).title for item in answer.items[:SHOWN] if int(item) not in earlier]
    if not fresh:
        return f"Your last answer brought **0 of {SHOWN}** new movies into it."
    return (
        f"Your last answer brought **{len(fresh)} of {SHOWN}** new movies into it: {', '.join(map(isolated, fresh))}."
    )


def replayed(served: Served) -> None:
    """Whether it pays to ask like this: every strategy replayed on people of whom the model had learned nothing."""
    if not served.card.personal:
        return
    slug, name = served.card.slug, plain(served.card.name)
    shelf = workshop.shelf()
    kept = workshop.found(shelf, asking.PROTOCOL).get(slug)
    st.subheader("Does it pay to ask like this?", anchor=False)
    training.progress(every_step=True)
    if kept is not None:
        st.markdown(verdict(kept, name))
        chart(kept)
        return
    st.markdown(
        f"{name} has not been asked yet. People of whom it learns nothing are interviewed by each strategy, from their own ratings."
    )
    running = any(job.model == slug and job.settings.get("protocol") == asking.PROTOCOL for job in workshop.active())
    if served.manifest is not None and st.button(
        f"Replay it with {name}", key="measure_asking", icon=":material/replay:", disabled=running
    ):
        workshop.measure([slug], asking.PROTOCOL)
        st.rerun()


def verdict(kept: Mapping[str, Any], name: str) -> str:
    """What expected gain is worth against popularity, as Markdown."""
    moment = kept["figures"][GAIN]["5 answers"]
    quality, lead = workshop.metric(moment["quality"]), workshop.metric(moment["lead"])
    if quality is None or lead is None:
        return ""
    sure = "more" if lead.low > 0 else "less" if lead.high < 0 else "no surely other"
    return (
        f"After **5** answers {name} reaches NDCG@10 **{decimal(quality.value)}** when it asks by expected gain: **{lead.value:+.3f}** against asking by "
        f"popularity ({lead.low:+.3f} to {lead.high:+.3f}; {quality.n:,} people), {sure} than luck explains."
    )


def chart(kept: Mapping[str, Any]) -> None:
    """NDCG@10 by the number of questions, a line per strategy."""
    ink = theme.inks()
    start = workshop.metric(kept["start"])
    lines = []
    for strategy, label in NAMES.items():
        points: dict[int, Metric] = {} if start is None else {0: start}
        for moment, figure in kept["figures"].get(strategy, {}).items():
            count, unit = moment.split(" ")
            if unit == "questions" and (found := workshop.metric(figure["quality"])):
                points[int(count)] = found
        colour = COLOURS.get(strategy, ink.text)
        lines.append(Line(label, colour, points, thick=True, chosen=strategy == GAIN, dashed=strategy == "popularity"))
    steps = sorted({step for line in lines for step in line.points})
    named_lines.render(lines, steps, [], x="questions asked", y="NDCG@10", ink=ink, key="asking_curves")
    st.caption(
        f"{kept['people']:,} people, held out whole. Half of their ratings answer, the other half is hidden and looked for; a movie that they have not "
        "rated costs a question. What they could have answered is in nobody’s list, asked or not."
    )
