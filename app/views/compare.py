"""Compare: two to four models side by side for the same person; what they share and where each goes its own way, drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from app import exposure, movies, navigation, reasons, session, side_by_side, theme, visitor
from app.components import rank_slopes
from app.components.rank_slopes import Slope
from app.components.ribbons import Column, Listed, ribbons
from app.components.text import markup, plain
from app.resources import house
from app.side_by_side import FEWEST, MOST, Difference
from recommender.models.base import ModelCard
from recommender.serving.answers import Answer, Person, overlap

DEPTH = 10
DEPTHS = (10, 20, 100)
"""Over how many titles the overlap is told."""
PICKS = "compare_models"
MANY = 16
"""Models that are still chosen from at a glance; of more, each is found by typing."""
NUMBERS = {2: "Two", 3: "Three", 4: "Four"}


def render() -> None:
    """Draw the columns that the address names, else a telling choice."""
    served = {model.card.slug: model.card for model in house().engine.served()}
    person = visitor.history()
    if len(served) < FEWEST:
        st.title("Compare", anchor=False)
        st.info("Only one model is ready, so there is nothing to compare yet. Train others under Models.")
        st.page_link(navigation.page("models"), label="Go to Models", icon=":material/account_tree:")
        return
    slugs = settle(served, person)
    answers = house().engine.answer(person, slugs, max(DEPTHS))
    lists = {slug: [int(item) for item in answer.items[:DEPTH]] for slug, answer in answers.items()}
    differing = side_by_side.difference(lists)

    st.title(f"{NUMBERS[len(slugs)]} models, one you", anchor=False)
    st.markdown(sentence(differing, served, len(person.items)))
    pick(served, slugs)
    opened = ribbons(columns(lists, answers, served, person), key="compare_columns")
    if opened is not None:
        exposure.opened(opened)
        navigation.open_movie(opened)
    overlaps(answers, served)
    ranks(lists, served, person)


def settle(served: Mapping[str, ModelCard], person: Person) -> tuple[str, ...]:
    """Agree on the columns, and say so when the address asks for models that are not there."""
    engine, before = house().engine, session.columns()
    asked = session.asked_columns()
    unknown = [slug for slug in asked if slug not in served]
    slugs = side_by_side.settle(
        [slug for slug in asked if slug in served],
        [slug for slug in before.slugs if slug in served] if before else [],
        before is not None and before.chosen != session.model(),
        session.model(),
        side_by_side.opening(engine.answer(person, list(served), max(DEPTHS)), session.model(), DEPTH),
    )
    session.put_side_by_side(slugs)
    if unknown:
        st.warning(f"There is no model called “{plain(unknown[0][:40])}” here (yet); these are the others.")
    return slugs


def pick(served: Mapping[str, ModelCard], slugs: Sequence[str]) -> None:
    """Let the visitor choose the columns."""

    def changed() -> None:
        after = side_by_side.picked(slugs, st.session_state[PICKS])
        session.put_side_by_side(after)

    label, known = f"Models side by side, {FEWEST} to {MOST}", list(served)
    if len(known) > MANY:
        st.session_state[PICKS] = list(slugs)
        st.multiselect(label, known, format_func=lambda slug: served[slug].name, key=PICKS, on_change=changed)
        return
    st.session_state[PICKS] = [slug for slug in known if slug in slugs]
    st.pills(
        label,
        known,
        selection_mode="multi",
        format_func=lambda slug: plain(served[slug].name),
        key=PICKS,
        on_change=changed,
    )


def sentence(differing: Difference, served: Mapping[str, ModelCard], rated: int) -> str:
    """What the columns share and who goes their own way, as Markdown."""
    if not rated:
        return "You have rated **0** movies, so every model shows what is popular: rate a few, and they part company."
    (one, other), shared = max(differing.shared.items(), key=lambda pair: pair[1])
    loner, alone = max(differing.unique.items(), key=lambda pair: pair[1])
    name = {slug: plain(card.name) for slug, card in served.items()}
    if not alone:
        return f"After **{rated}** ratings of yours nobody shows a title that no one else has: they agree."
    own = (
        f"each shows **{alone}** that the other does not"
        if len(differing.unique) == FEWEST
        else f"{name[loner]} goes its own way with **{alone}** that nobody else shows"
    )
    return f"{name[one]} and {name[other]} share **{shared} of {DEPTH}** · {own}"


def columns(
    lists: Mapping[str, Sequence[int]],
    answers: Mapping[str, Answer],
    served: Mapping[str, ModelCard],
    person: Person,
) -> list[Column]:
    """What the ribbons are drawn from."""
    rank_of = [{item: rank for rank, item in enumerate(items, 1)} for items in lists.values()]
    made = []
    for place, (slug, items) in enumerate(lists.items()):
        card, answer = served[slug], answers[slug]
        why = reasons.of(person, slug, items)
        listed = []
        for rank, item in enumerate(items, 1):
            movie = movies.by_item(item)
            also = tuple((at, ranks[item]) for at, ranks in enumerate(rank_of) if at != place and item in ranks)
            reason = movie.noted(why[item].sentence if item in why else None)
            listed.append(Listed(movie.movie_id, rank, movie.title, movie.label, reason, not also, also))
        colour, clip = theme.BLOCK_COLOURS[card.block], theme.BLOCK_CLIPS[card.block]
        made.append(Column(card.name, colour, clip, note(answer, card), tuple(listed)))
    return made


def note(answer: Answer, card: ModelCard) -> str:
    """What stands below a model's name: its block and its time, or why it fell back to popularity."""
    if answer.fallback:
        return f"Shows popularity: {answer.fallback}"
    return (
        f"{card.block.value} · {answer.milliseconds:.0f} ms"
        if answer.milliseconds >= 1
        else f"{card.block.value} · under 1 ms"
    )


def overlaps(answers: Mapping[str, Answer], served: Mapping[str, ModelCard]) -> None:
    """How much each pair has in common, over the first ten and deeper."""
    pairs = [(one, other) for place, one in enumerate(answers) for other in list(answers)[place + 1 :]]
    head = "".join(f'<th scope="col">first {depth}</th>' for depth in DEPTHS)
    rows = ""
    for one, other in pairs:
        shares = [overlap(answers[one], answers[other], depth) for depth in DEPTHS]
        cells = "".join(f'<td style="--share:{share:.0%}"><b>{share:.0%}</b></td>' for share in shares)
        rows += f'<tr><th scope="row">{markup(served[one].name)} and {markup(served[other].name)}</th>{cells}</tr>'
    st.subheader("How much they overlap", anchor=False)
    st.html(f'<table class="overlap"><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>')


def ranks(lists: Mapping[str, Sequence[int]], served: Mapping[str, ModelCard], person: Person) -> None:
    """Where every title of the columns stands in the whole list of each model."""
    engine = house().engine
    union = list(dict.fromkeys(item for items in lists.values() for item in items))
    slopes = [
        Slope(movies.by_item(item).title, tuple(engine.ranks(person, slug, item) or 1 for slug in lists))
        for item in union
    ]
    most = max(slopes, key=lambda slope: slope.dispute)
    by_rank = sorted(zip(most.ranks, lists, strict=True))
    (best, fan), (worst, critic) = by_rank[0], by_rank[-1]
    st.subheader("Where each puts the others’ favourites", anchor=False)
    st.markdown(
        f"**{len(slopes)}** titles, rank by rank. They differ most about {plain(most.title)}: "
        f"**{best:,}** for {plain(served[fan].name)}, **{worst:,}** for {plain(served[critic].name)}."
    )
    ink = theme.inks()
    rank_slopes.render([served[slug].name for slug in lists], slopes, accent=ink.accent, ink=ink.text, quiet=ink.quiet)
