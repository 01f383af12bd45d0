"""Cascade: retrieval, ranking and re-ranking at work on this visitor's ratings, drawn; beside it the one model that does it in a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from app import cascade, exposure, movies, navigation, theme, visitor
from app.cascade import Single
from app.components import cascade_funnel, persona_cards
from app.components.ribbons import Column, Listed, ribbons
from app.components.text import plain
from app.resources import house
from recommender.models.base import ModelCard
from recommender.serving.cascade.outcome import Outcome
from recommender.serving.cascade.plan import RERANKERS, Plan

RANKER, RERANK, MOVIE = "cascade_ranker", "cascade_rerank", "cascade_movie"
PLANNED, NONE = "plan", "none"
NAMES = {"mmr": "MMR", "dpp": "DPP", "calibration": "Calibration", "freshness": "Freshness", NONE: "None"}
"""Of the re-rankers, as the address calls them."""


def render() -> None:
    """The funnel for the plan and what the visitor changed in it; then both lists."""
    person = visitor.history()
    if not len(person.items):
        invite()
        return
    planned, problem = cascade.plan()
    if problem:
        st.warning(plain(problem), icon=":material/warning:")
    above, choices = st.container(), st.container()
    with choices:
        ranked, reranked, followed = st.columns(3)
    rankers = cascade.rankers()
    with ranked:
        planned = choose_ranker(planned, rankers)
    with reranked:
        planned = choose_reranking(planned)
    outcome = cascade.run(person, planned)
    with followed:
        item = choose_movie(outcome)
    beside = cascade.single(person, planned.shown)
    with above:
        st.title(f"From {outcome.catalogue:,} movies to {len(outcome.items)}", anchor=False)
        st.markdown(sentence(outcome, beside))
    opened = cascade_funnel.render(outcome, person, item)
    listed = lists(outcome, beside)
    if (chosen := opened or listed) is not None:
        exposure.opened(chosen)
        navigation.open_movie(chosen)


def invite() -> None:
    """For somebody who has not rated anything."""
    st.title("Cascade", anchor=False)
    st.markdown(
        "Real systems do not score every movie with their best model: several sources bring a few hundred, one model ranks them, a last step "
        "looks at the list as a whole. You have rated **0** movies, so nobody knows what to bring you: rate a few, or borrow a taste."
    )
    st.page_link(navigation.page("for_you"), label="Rate a first few", icon=":material/star:")
    persona_cards.render("Or be somebody else for a while")


def sentence(outcome: Outcome, beside: Single | None) -> str:
    """What happened on the way, in numbers, as Markdown."""
    brought = [source for source in outcome.sources if not source.left_out]
    ranked = outcome.stages[1]
    said = (
        f"**{len(brought)}** of {len(outcome.sources)} sources bring **{len(ranked.entered):,}** movies, "
        f"**{len(ranked.left):,}** are left after the ranking, **{len(outcome.items)}** reach you after **{ms(outcome.milliseconds)}**"
    )
    if beside is None or beside.answer.fallback:
        return f"{said}."
    shared = len({*outcome.items} & {*beside.answer.items.tolist()})
    work = "" if beside.operations is None else f" and **{large(beside.operations)}** floating-point operations"
    return f"{said} · {plain(beside.card.name)} takes one step of **{ms(beside.answer.milliseconds)}**{work}; they share **{shared} of {len(outcome.items)}**"


def choose_ranker(planned: Plan, rankers: Mapping[str, ModelCard]) -> Plan:
    """Let the visitor say who ranks: the models that are made for it, and whoever the plan names."""
    known = {planned.ranking.model: house().cards[planned.ranking.model], **rankers}
    asked = st.query_params.get("ranker")
    if asked is not None and asked not in known:
        st.warning(f"“{plain(asked[:40])}” does not rank here (yet).")
    st.session_state[RANKER] = asked if asked in known else planned.ranking.model
    slug = st.selectbox(
        "Ranked by",
        list(known),
        format_func=lambda one: known[one].name if one in rankers or one == asked else f"{known[one].name} (planned)",
        key=RANKER,
        on_change=lambda: put("ranker", st.session_state[RANKER], planned.ranking.model),
    )
    return planned.ranked_by(slug)


def choose_reranking(planned: Plan) -> Plan:
    """Let the visitor say what the list is re-ranked by."""
    steps = ", then ".join(NAMES[stage.by].lower() if stage.by != "mmr" else "MMR" for stage in planned.reranking)
    options = {PLANNED: f"As planned: {steps or 'nothing'}", **NAMES}
    asked = st.query_params.get("rerank", PLANNED)
    st.session_state[RERANK] = asked if asked in options else PLANNED
    by = st.selectbox(
        "Re-ranked by",
        list(options),
        format_func=options.__getitem__,
        key=RERANK,
        on_change=lambda: put("rerank", st.session_state[RERANK], PLANNED),
    )
    if by == PLANNED:
        return planned
    return planned.reranked_by(next((known for known in RERANKERS if known == by), None))


def choose_movie(outcome: Outcome) -> int | None:
    """Let the visitor follow a movie; before they choose, the one that came furthest and was lost."""
    titles = dict(cascade.titles())
    asked = movies.from_address(st.query_params.get("movie"))
    telling = next((item for stage in reversed(outcome.stages) for item in stage.order if item not in stage.left), None)
    item = telling if asked is None else asked.item
    if item is not None and item not in titles:
        titles[item] = movies.by_item(item).label
    st.session_state[MOVIE] = item
    return st.selectbox(
        "Follow a movie",
        list(titles),
        format_func=titles.__getitem__,
        key=MOVIE,
        placeholder="Type a title",
        on_change=follow,
    )


def follow() -> None:
    """Keep the movie that was just chosen in the address."""
    item = st.session_state[MOVIE]
    put("movie", "" if item is None else str(movies.by_item(item).movie_id), "")


def put(name: str, value: str, usual: str) -> None:
    """Keep a choice in the address, unless it is the usual one."""
    if value == usual:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value


def lists(outcome: Outcome, beside: Single | None) -> int | None:
    """The cascade's list and the one model's, with ribbons between what they share. Returns the movie_id that was just clicked."""
    st.subheader("The cascade against the one model", anchor=False)
    if beside is None:
        st.info(
            f"{plain(house().cards[cascade.SINGLE].name)} is not trained yet, so the cascade stands alone. Train it under Models.",
            icon=":material/info:",
        )
    elif beside.operations is not None:
        st.markdown(worked(beside))
    ours = list(outcome.items)
    theirs = [] if beside is None else beside.answer.items.tolist()
    ranker = house().cards.get(outcome.stages[1].model or "")
    note = f"{len(outcome.stages[1].entered):,} looked at · {ms(outcome.milliseconds)}"
    made = [
        column(
            "Cascade",
            ranker,
            note,
            ours,
            theirs,
            1,
            lambda item: f"brought by {cascade_funnel.brought_by(outcome, item)}",
        )
    ]
    if beside is not None:
        note = f"{beside.card.block.value} · {outcome.catalogue:,} looked at · {ms(beside.answer.milliseconds)}"
        if beside.answer.fallback:
            note = f"Shows popularity: {beside.answer.fallback}"
        made.append(
            column(
                beside.card.name, beside.card, note, theirs, ours, 0, lambda item: cascade_funnel.lost(outcome, item)
            )
        )
    return ribbons(made, key="cascade_lists")


def worked(beside: Single) -> str:
    """The work of the one model in one sentence of Markdown."""
    assert beside.operations is not None
    seconds = beside.answer.milliseconds / 1000
    said = (
        f"{plain(beside.card.name)} looks at every movie at once: **{large(beside.operations)}** additions and multiplications in its matrix "
        f"products, **{large(beside.operations / max(seconds, 1e-6))}** a second."
    )
    if beside.gpu is not None:
        said += (
            f" On this {plain(beside.gpu.device)} the same answer takes **{ms(beside.gpu.milliseconds)}**, "
            f"**{100 * beside.gpu.share:.2g} %** of what it does in one large product."
        )
    return said


def column(
    name: str,
    card: ModelCard | None,
    note: str,
    items: Sequence[int],
    others: Sequence[int],
    other: int,
    why: Callable[[int], str | None],
) -> Column:
    """One list as the ribbons want it."""
    places = {item: rank for rank, item in enumerate(others, 1)}
    listed = []
    for rank, item in enumerate(items, 1):
        movie = movies.by_item(item)
        also = ((other, places[item]),) if item in places else ()
        listed.append(
            Listed(movie.movie_id, rank, movie.title, movie.label, why(item), bool(places) and not also, also)
        )
    colour = theme.inks().accent if card is None else theme.BLOCK_COLOURS[card.block]
    clip = "inset(8%)" if card is None else theme.BLOCK_CLIPS[card.block]
    return Column(name, colour, clip, note, tuple(listed))


def ms(milliseconds: float) -> str:
    """A time as people read it."""
    return f"{milliseconds:.0f} ms" if milliseconds >= 1 else "under 1 ms"


def large(count: float) -> str:
    """A number of operations as people read it: "38 million"."""
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if count >= size:
            return f"{count / size:.3g} {name}"
    return f"{count:.0f}"
