"""A training as it goes: loss and validation by epoch, drawn anew in place while the points come in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from app.components.leaderboard import decimal
from app.resources import house
from app.theme import BLOCK_COLOURS
from db.jobs import Job

FRONTEND = Path(__file__).with_name("frontend")

_curve = st.components.v2.component(
    "marquee_training_curve",
    html='<div class="curves"></div>',
    css=(FRONTEND / "training_curve.css").read_text(encoding="utf-8"),
    js=(FRONTEND / "training_curve.js").read_text(encoding="utf-8"),
)


def render(job: Job) -> None:
    """Draw the curves of a running job; nothing for a model that tells of no epochs."""
    panels = curves(job.metrics.get("history", []))
    card = house().cards.get(job.model or "")
    if panels and card is not None:
        colour = BLOCK_COLOURS[card.block]
        _curve(key=f"curve_{job.id}", data={"model": card.name, "colour": colour, "panels": panels})


def curves(history: list[dict[str, float]]) -> list[dict[str, Any]]:
    """Name, latest figure, remark and points `[epoch, value]` of loss and validation, as far as there are any."""
    panels = []
    losses = [[point["epoch"], point["loss"]] for point in history if "loss" in point]
    if losses:
        panels.append(
            {"name": "Loss", "now": f"{losses[-1][1]:.3f}", "note": f"from {losses[0][1]:.3f}", "points": losses}
        )
    measured = [[point["epoch"], point["ndcg@10"]] for point in history if "ndcg@10" in point]
    if measured:
        epoch, best = max(measured, key=lambda pair: pair[1])
        note = f"best {decimal(best)} in epoch {epoch:.0f}"
        panels.append(
            {"name": "NDCG@10 in validation", "now": decimal(measured[-1][1]), "note": note, "points": measured}
        )
    return panels
