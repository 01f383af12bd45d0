"""All models: every model of the house, what it is, how good it is, what is being trained; and the workshop around them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from app import session, theme, workshop
from app.components import leaderboard, model_panel, training
from app.components.leaderboard import Row, decimal
from app.components.model_switch import place
from app.components.text import markup, plain
from app.workshop import Shelved

BEST_BY = "ndcg@10"
METRICS = {
    "ndcg@10": "NDCG@10",
    "hr@10": "Hit rate@10",
    "mrr@10": "MRR@10",
    "coverage@10": "Coverage@10",
    "novelty@10": "Novelty@10",
    "diversity@10": "Diversity@10",
}
CARD_PIXELS = 288
SHOWN = 10
"""Models on the leaderboard before one asks for all."""


def render() -> None:
    """Sentence, work, leaderboard, cards by family; the detail of the model in the address above its family."""
    shelf = workshop.shelf()
    st.markdown(sentence(shelf))
    workbench(shelf)
    training.progress(every_step=True)
    board(shelf)
    asked = session.asked_model()
    in_order = sorted(shelf, key=lambda model: place(model.card))
    for family, members in groupby(in_order, key=lambda model: model.card.family):
        room(family, list(members), asked)
    if asked is not None and asked not in {model.card.slug for model in shelf}:
        st.warning(f"There is no model called “{plain(asked[:40])}” here.")


def sentence(shelf: Sequence[Shelved]) -> str:
    """How many are ready and who is best, as Markdown."""
    ready = sum(model.manifest is not None for model in shelf)
    start = f"**{ready} of {len(shelf)}** models are ready"
    measured = [Row(model.card, model.metrics[BEST_BY]) for model in shelf if BEST_BY in model.metrics]
    if not measured:
        return f"{start}; none is measured yet."
    best = leaderboard.ordered(measured)[0]
    among = "so far" if len(measured) == len(shelf) else f"of **{len(measured)}** measured"
    return (
        f"{start}; {plain(best.card.name)} is best {among} with {METRICS[BEST_BY]} **{decimal(best.metric.value)}** "
        f"({decimal(best.metric.low)} to {decimal(best.metric.high)}, {best.metric.n:,} people)."
    )


def workbench(shelf: Sequence[Shelved]) -> None:
    """Train all, measure all."""
    missing = [model.card.slug for model in shelf if model.manifest is None]
    idle = [model for model in shelf if model.working is None]
    with st.container(horizontal=True, key="workbench"):
        wanted = [model.card.slug for model in idle if not missing or model.card.slug in missing]
        label = f"Train the other {len(missing)}" if 0 < len(missing) < len(shelf) else "Train all"
        if st.button(label, key="train_all", icon=":material/model_training:", disabled=not wanted):
            workshop.train({slug: {} for slug in wanted})
            st.rerun()
        measurable = [model.card.slug for model in idle if model.manifest is not None]
        if st.button(
            "Measure all",
            key="measure_all",
            icon=":material/straighten:",
            disabled=not measurable,
            help="Trains every model once more, without everybody's last rating, and asks who finds it. Takes about as long as training.",
        ):
            workshop.measure(measurable)
            st.rerun()
        working = [model.working.id for model in shelf if model.working is not None]
        if working and st.button("Cancel all", key="cancel_all", icon=":material/stop_circle:"):
            workshop.cancel(working)
            st.rerun()


def board(shelf: Sequence[Shelved]) -> None:
    """The leaderboard of the chosen metric."""
    if not any(model.metrics for model in shelf):
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Who is best", anchor=False)
        chosen = st.selectbox(
            "Measured by", list(METRICS), format_func=METRICS.__getitem__, key="metric", width=200, bind="query-params"
        )
    rows = leaderboard.ordered([Row(model.card, model.metrics[chosen]) for model in shelf if chosen in model.metrics])
    if not rows:
        st.caption("No model has this figure yet.")
        return
    ink = theme.inks()
    everyone = len(rows) <= SHOWN or st.toggle(f"All {len(rows)}", key="whole_board")
    leaderboard.render(rows if everyone else rows[:SHOWN], METRICS[chosen], ink=ink.text, quiet=ink.quiet)
    st.caption(
        f"Everybody's last rating is hidden and looked for among all movies that they have not seen; {rows[0].metric.n:,} "
        "people; the bar is the 95 % interval. Where bars overlap, the order may be luck."
    )


def room(family: str, members: Sequence[Shelved], asked: str | None) -> None:
    """One family: the model that was asked for in full, then all as cards."""
    st.subheader(f"{plain(family.replace('_', ' ').capitalize())} · {len(members)}", anchor=False)
    for model in members:
        if model.card.slug == asked:
            model_panel.render(model, METRICS)
    with st.grid(min_column_width=CARD_PIXELS, gap="small", row_height="content"):
        for model in members:
            card(model, opened=model.card.slug == asked)


def card(model: Shelved, opened: bool) -> None:
    """What fits on a card, and the one thing to do about it."""
    slug = model.card.slug
    with st.container(border=True, key=f"model_{slug}", height="stretch", gap="small"):
        st.html(face(model))
        with st.container(horizontal=True, vertical_alignment="bottom", height="stretch"):
            if opened:
                st.button("Close", key=f"about_{slug}", on_click=session.ask_model, args=(None,), type="tertiary")
            else:
                st.button("Details", key=f"about_{slug}", on_click=session.ask_model, args=(slug,), type="tertiary")
            model_panel.action(model)


def face(model: Shelved) -> str:
    """Shape, name, sentence and figures as HTML."""
    about, metric = model.card, model.metrics.get(BEST_BY)
    figure = f"<b>{decimal(metric.value)}</b> {METRICS[BEST_BY]}" if metric else "not measured"
    took = f" · trained in {model_panel.duration(model.manifest.seconds)}" if model.manifest else ""
    state, kind = model_panel.state(model)
    return (
        f'<div class="model-face"><h4>{model_panel.mark(about)}{markup(about.name)}'
        f"<small>{markup(about.block.value)} · {about.paper.year}</small></h4>"
        f"<p>{markup(about.sentence)}</p>"
        f'<p class="figures">{figure}{took}</p>'
        + (f'<p class="state {kind}">{markup(state)}</p>' if state else "")
        + "</div>"
    )
