"""What the worker does right now: the running job with its progress, how many wait; the page follows by itself."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import workshop
from app.components import training_curve
from app.components.text import plain
from app.resources import house
from db.jobs import Job

EVERY_SECONDS = 1.0
NAMED = 8
"""Waiting models that are named; of more only the number is told."""

UNITS = (("s", 1, 120), ("min", 60, 7_200), ("h", 3_600, float("inf")))
"""Name, seconds, and up to how many seconds a time is told in it."""

DONE = {"train": "trained", "refresh": "refreshed", "evaluate": "measured"}
"""What a kind of job does to a model."""

Snapshot = tuple[tuple[tuple[str, str], ...], tuple[tuple[int, str], ...]]
"""What a page was drawn from: (slug, version) of every model that answers, (id, state) of every open job."""


def progress(*, every_step: bool = False) -> None:
    """Show what is being worked on; costs nothing, and asks for nothing, when nothing is.

    The page is drawn anew when a version arrives or the work is over; with `every_step` also when a job starts or ends.
    With `every_step` the chart of a training stands below its line.
    """
    waiting = workshop.active()
    if waiting:
        watch(_snapshot(waiting), every_step)


@st.fragment(run_every=EVERY_SECONDS)
def watch(drawn: Snapshot, every_step: bool) -> None:
    """Redraw the lines every second, and the whole page when it is no longer what `drawn` says."""
    waiting = workshop.active()
    house().engine.refresh()
    now = _snapshot(waiting)
    if now[0] != drawn[0] or not waiting or (every_step and now[1] != drawn[1]):
        st.rerun(scope="app")
    with st.container(key="at_work", gap="small"):
        for job in waiting:
            if job.state == "running":
                st.progress(share(job), text=f"**{name(job)}** {doing(job)}, {share(job):.0%}{pace(job)}")
                if every_step:
                    training_curve.render(job)
        if queued := waiting_line(waiting):
            st.caption(queued)
        if workshop.unattended(waiting):
            st.warning(
                "Nobody is at work: the worker does not answer. Start it with make run, or alone with "
                "`python -m app.worker`; what waits is not lost.",
                icon=":material/person_off:",
            )


def share(job: Job) -> float:
    """How much of a job is done, 0..1."""
    return min(job.step / job.total, 1.0) if job.total else 0.0


def pace(job: Job) -> str:
    """Which epoch a training is in and how long it will take, as far as it tells."""
    epoch, left = job.metrics.get("epoch"), job.metrics.get("seconds left")
    parts = [] if epoch is None else [f"epoch {epoch:.0f}"]
    if left is not None and job.step < job.total:
        unit, size = next((unit, size) for unit, size, upto in UNITS if left < upto)
        parts.append(f"about {left / size:.0f} {unit} left")
    return "".join(f" · {part}" for part in parts)


def name(job: Job) -> str:
    """The model's name as Markdown."""
    card = house().cards.get(job.model or "")
    return plain(card.name if card else job.model or "Every model")


def waiting_line(waiting: Sequence[Job]) -> str:
    """Who waits for what, as Markdown; empty when nobody does."""
    lines = []
    for kind, what in DONE.items():
        names = [name(job) for job in waiting if job.kind == kind and job.state == "queued"]
        if names:
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            lines.append(f"{', '.join(names[:NAMED])}{more} {'waits' if len(names) == 1 else 'wait'} to be {what}")
    return " · ".join(lines)


def doing(job: Job) -> str:
    """What happens to the model, in words."""
    if job.cancel_requested:
        return "is being stopped"
    if job.state == "running":
        return f"is being {DONE[job.kind]}"
    return f"waits to be {DONE[job.kind]}"


def _snapshot(waiting: Sequence[Job]) -> Snapshot:
    return (
        tuple((model.card.slug, model.version) for model in house().engine.served()),
        tuple((job.id, job.state) for job in waiting),
    )
