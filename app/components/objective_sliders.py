"""Sliders for what counts in a list, for models that guess several things at once: watching, liking, loving, and novelty and diversity."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.resources import House, house
from recommender.serving.answers import Answer, Person
from recommender.serving.blend import Wishes, blended, objectives, rarity
from recommender.serving.cascade.reordering import Facts
from recommender.serving.releases import Releases

PREFIX = "want_"
"""Of the sliders' keys, which stand in the address."""
NAMES = {
    "watch": ("Watch", "How likely it is that you watch it at all."),
    "like": ("Like", "How likely it is that you give it four stars or more."),
    "love": ("Love", "How likely it is that you give it five stars."),
    "soon": ("Keep going", "How likely it is that you rate something else within the hour after it."),
}
NOVELTY = ("Novelty", "How few people have rated it.")
DIVERSITY = ("Diversity", "How unlike in genre it is to what stands above it.")
STEP = 0.05
COMPARED = 20


def render(person: Person, answer: Answer, k: int) -> Answer:
    """Draw them for a model that weighs. Returns the list that they ask for: the model's own while none was moved, and of any other model."""
    own = objectives(house().engine, answer.slug)
    if not own or answer.fallback is not None:
        return answer
    defaults = weights_of(own)
    with st.grid(min_column_width=165, key="objective_sliders"):
        weights = {name: slider(name, *NAMES[name], default) for name, default in defaults.items()}
        novelty, diversity = slider("novelty", *NOVELTY, 0.0), slider("diversity", *DIVERSITY, 0.0)
    if weights == defaults and not novelty and not diversity:
        st.caption("What counts? Move a slider: the list follows. As they stand, it is the model's own list.")
        return answer
    wishes = Wishes(tuple(weights.values()), novelty, diversity)
    found = blended(house().engine, person, answer, wishes, facts(house()), k)
    if found is None:
        return answer
    fresh = len({*found.items[:COMPARED].tolist()} - {*answer.items[:COMPARED].tolist()})
    st.caption(f"**{fresh} of the first {COMPARED}** are not in the model's own first {COMPARED}.")
    return found


def weights_of(own: Mapping[str, float]) -> dict[str, float]:
    """Where the sliders stand when nobody has moved them."""
    return {name: round(float(np.clip(weight, 0, 1)), 2) for name, weight in own.items()}


def wished(own: Mapping[str, float]) -> Wishes:
    """What the sliders say that were moved before, on a page that does not draw them."""
    state = st.session_state
    weights = tuple(float(state.get(f"{PREFIX}{name}", weight)) for name, weight in weights_of(own).items())
    return Wishes(weights, *(float(state.get(f"{PREFIX}{name}", 0.0)) for name in ("novelty", "diversity")))


def slider(name: str, label: str, why: str, default: float) -> float:
    """One of them."""
    return st.slider(
        label, 0.0, 1.0, default, STEP, format="percent", key=f"{PREFIX}{name}", help=why, bind="query-params"
    )


@lru_cache(maxsize=2)
def facts(rooms: House) -> Mapping[str, NDArray[np.floating]]:
    """What novelty and diversity go by, of every movie of the catalogue."""
    catalog = rooms.dataset.catalog
    return {
        "rarity": rarity(rooms.dataset.interactions, len(catalog)),
        "kinds": Facts.of(Releases.none(catalog)).genres,
    }
