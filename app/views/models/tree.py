"""Family tree: every model of the house, who it grew from, how good it is; a click opens its card, a second one switches to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from app import family_layout, session, workshop
from app.components import model_panel, training
from app.components.family_tree import State, family_tree
from app.components.leaderboard import decimal
from app.components.model_switch import FAMILIES
from app.components.text import plain
from app.family_layout import Drawing
from app.family_tree import LINES, Member, members
from app.resources import House, house
from app.views.models.shelf import BEST_BY, METRICS
from app.workshop import Shelved

EVERYBODY = "Everybody"


def render() -> None:
    """Sentence, lines that can be lit, the tree, and the card of the model in the address below it."""
    shelf = workshop.shelf()
    tree, drawings = drawn(house())
    st.markdown(sentence(shelf, tree))
    training.progress(every_step=True)
    lit = choose_line(tree)
    asked = session.asked_model()
    known = {model.card.slug: model for model in shelf}
    family_tree(
        tree,
        drawings,
        {slug: state(model) for slug, model in known.items()},
        lit=None if lit is None else sorted(lit),
        asked=asked,
        chosen=session.model(),
        open_card=session.ask_model,
        switch=session.choose_model,
    )
    st.caption(
        "Read off the cards alone: years, parents, building blocks. The larger a sign, the better the model was measured "
        f"({METRICS[BEST_BY]}); faint ones are not trained yet; italics are ancestors that are not in this house. A click opens a card, a second one switches to the model."
    )
    if asked in known:
        model_panel.render(known[asked], METRICS)
    elif asked is not None:
        st.warning(f"There is no model called “{plain(asked[:40])}” here.")


@lru_cache(maxsize=2)
def drawn(rooms: House) -> tuple[dict[str, Member], tuple[Drawing, Drawing]]:
    """The tree and its two drawings; worked out once."""
    tree = members(rooms.cards.values())
    return tree, (family_layout.wide(tree, FAMILIES), family_layout.tall(tree, FAMILIES))


def choose_line(tree: dict[str, Member]) -> set[str] | None:
    """Let the visitor light a line of the tree; None for everybody."""
    lines = {name: found for name, rule in LINES.items() if (found := rule(tree))}
    name = st.pills(
        "Light a line",
        [EVERYBODY, *lines],
        default=EVERYBODY,
        required=True,
        key="line",
        label_visibility="collapsed",
        bind="query-params",
    )
    return lines.get(name)


def sentence(shelf: Sequence[Shelved], tree: dict[str, Member]) -> str:
    """How many models, of how many years, from how many ancestors; as Markdown."""
    years = [model.card.paper.year for model in shelf]
    ready = sum(model.manifest is not None for model in shelf)
    grown = sum(len(one.parents) for one in tree.values())
    return f"**{len(shelf)}** models of **{max(years) - min(years) + 1}** years, **{grown}** steps from parent to child; **{ready}** are trained here."


def state(model: Shelved) -> State:
    """What the tree shows of a model."""
    metric = model.metrics.get(BEST_BY)
    said = "not measured" if metric is None else f"{METRICS[BEST_BY]} {decimal(metric.value)}"
    return State(model.served is not None, None if metric is None else metric.value, said)
