"""The colours of the house, for what is drawn outside Streamlit's own theme: charts, components, posters' frames.

The same values stand in .streamlit/config.toml, which Streamlit reads by itself; a test holds both equal.
"""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from recommender.models.base import Block


class Inks(NamedTuple):
    """CSS colours of one theme."""

    ground: str
    panel: str
    line: str
    text: str
    quiet: str
    """Muted text: still AA on ground and panel."""
    accent: str
    """The bulb, where it is drawn as a line or a mark; never text on a light ground."""


DARK = Inks("#0f1014", "#191b22", "#2a2c36", "#f4efe6", "#9c9aa3", "#f2a33a")
LIGHT = Inks("#faf6ee", "#ffffff", "#e5dfd2", "#1d1b20", "#6d6a72", "#f2a33a")

BLOCK_COLOURS: dict[str, str] = {
    Block.LINEAR: "#b08968",
    Block.MLP: "#9aa0a6",
    Block.RNN: "#f28c28",
    Block.CNN: "#f2c230",
    Block.ATTENTION: "#4c8dff",
    Block.GNN: "#3fb56b",
    Block.TEXT: "#c77dff",
}
"""Colour means building block, on every page; after the survey that draws MLP grey, RNN orange, CNN yellow, attention blue, GNN green."""

BLOCK_CLIPS: dict[str, str] = {
    Block.LINEAR: "inset(38% 0)",
    Block.MLP: "inset(8%)",
    Block.RNN: "circle(50%)",
    Block.CNN: "polygon(50% 4%, 100% 94%, 0 94%)",
    Block.ATTENTION: "polygon(50% 0, 62% 38%, 100% 50%, 62% 62%, 50% 100%, 38% 62%, 0 50%, 38% 38%)",
    Block.GNN: "polygon(25% 6%, 75% 6%, 100% 50%, 75% 94%, 25% 94%, 0 50%)",
    Block.TEXT: "polygon(0 0, 100% 0, 100% 30%, 65% 30%, 65% 100%, 35% 100%, 35% 30%, 0 30%)",
}
"""The shape that stands beside the colour, as a CSS clip-path of a square: a bar for linear, a square for MLP, a disc for RNN,
a triangle for CNN, a four-pointed star for attention, a hexagon for GNN, a T for text."""


def inks() -> Inks:
    """The colours of the theme that this visitor sees; dark, the default, while the browser has not said."""
    return LIGHT if st.context.theme.type == "light" else DARK
