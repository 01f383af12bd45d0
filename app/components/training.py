"""Models that are being trained right now, as one slim line each; a model that is ready joins the page by itself."""

from __future__ import annotations

import streamlit as st

from app.components.text import plain
from app.resources import house
from db import jobs

EVERY_SECONDS = 1.0


def active() -> list[jobs.Job]:
    """Jobs that wait or run."""
    with house().database.reading() as rows:
        return jobs.active(rows)


def progress() -> None:
    """Show what is being trained; costs nothing, and asks for nothing, when nothing is."""
    if active():
        watch()


@st.fragment(run_every=EVERY_SECONDS)
def watch() -> None:
    """Redraw the lines every second; the whole page once a model has arrived or the last job has ended."""
    running = active()
    if house().engine.refresh() or not running:
        st.rerun(scope="app")
    cards = house().cards
    for job in running:
        share = min(job.step / job.total, 1.0) if job.total else 0.0
        name = cards[job.model].name if job.model in cards else job.model or "Every model"
        doing = "training" if job.kind == "train" else "being measured"
        state = f"is {doing}, {share:.0%}" if job.state == "running" else f"waits for {doing}"
        st.progress(share, text=f"{plain(name)} {state}")
