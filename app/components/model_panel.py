"""One model in full: what it is, how it was trained, how good it is, its versions; and what one can do to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from app import theme, workshop
from app.components import config_form, training
from app.components.leaderboard import decimal
from app.components.text import markup, plain
from app.workshop import Kept, Metric, Shelved
from recommender.models.base import ModelCard
from recommender.serving.refreshing import Verdict

WORK = {"train": "Training", "refresh": "Refreshing", "evaluate": "Measuring"}


def render(model: Shelved, metrics: Mapping[str, str]) -> None:
    """Draw the panel. `metrics` are the figures to show, with their names."""
    card, slug = model.card, model.card.slug
    with st.container(border=True, key="model_panel"):
        st.html(f'<div class="model-face"><h3>{mark(card)}{markup(card.name)}</h3><p>{markup(card.sentence)}</p></div>')
        if model.problem:
            st.warning(plain(model.problem), icon=":material/warning:")
        if model.failed:
            st.error(failure(model), icon=":material/error:")
        facts, quality = st.columns([3, 2], gap="large")
        with facts:
            st.html(table(about(model)))
        with quality:
            figures(model, metrics)
        with st.container(horizontal=True):
            action(model, inside=True)
            if (
                model.manifest is not None
                and model.working is None
                and st.button("Measure", key=f"measure_{slug}", icon=":material/straighten:")
            ):
                workshop.measure([slug])
                st.rerun()
        settings(model)
        versions(model)


def action(model: Shelved, inside: bool = False) -> None:
    """The one thing to do next: cancel what runs, try again what failed, train what has never been."""
    slug = ("panel_" if inside else "") + model.card.slug
    job, failed = model.working, model.failed
    if job is not None:
        if st.button("Cancel", key=f"cancel_{slug}", icon=":material/stop_circle:", disabled=job.cancel_requested):
            workshop.cancel([job.id])
            st.rerun()
    elif failed is not None:
        if st.button("Retry", key=f"retry_{slug}", icon=":material/refresh:", type="primary"):
            workshop.retry(failed.id)
            st.rerun()
    elif (inside or model.manifest is None) and st.button(
        "Train", key=f"train_{slug}", icon=":material/model_training:"
    ):
        workshop.train({model.card.slug: {}})
        st.rerun()


def settings(model: Shelved) -> None:
    """Training with other settings: a form of the model's hyper-parameters."""
    slug = model.card.slug
    with st.expander("Train with other settings", key=f"settings_{slug}", on_change="rerun") as opened:
        if not opened.open:
            return
        with st.form(f"form_{slug}", border=False):
            with st.grid(min_column_width=240, gap="small"):
                changed = config_form.fields(workshop.config_of(slug), f"config_{slug}")
            sent = st.form_submit_button("Train with these", icon=":material/model_training:", key=f"submit_{slug}")
        if sent:
            workshop.train({slug: changed})
            st.rerun()


def versions(model: Shelved) -> None:
    """What was trained before and can serve again."""
    kept = workshop.versions(model)
    if len(kept) < 2:
        return
    slug = model.card.slug
    with st.expander(f"{len(kept)} versions", key=f"versions_{slug}"):
        for number, version in enumerate(kept):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(line(version), width="content")
                if version.serves:
                    st.badge("serves now", icon=":material/check:", color="green")
                elif st.button("Serve this one", key=f"serve_{slug}_{number}", icon=":material/history:"):
                    workshop.serve(slug, version.version.name)
                    st.rerun()


def line(kept: Kept) -> str:
    """One version as Markdown."""
    metric = kept.metrics.get("ndcg@10")
    quality = f"NDCG@10 **{decimal(metric.value)}**" if metric else "not measured"
    changed = ", ".join(f"{plain(name)} {plain(str(value))}" for name, value in kept.changes.items())
    return f"**{ago(kept.created)}** · {quality} · {changed or 'default settings'}"


def about(model: Shelved) -> dict[str, str]:
    """The card and the manifest, as lines of a table."""
    card, manifest = model.card, model.manifest
    lines = {
        "Paper": f"{card.paper.authors} ({card.paper.year}). {card.paper.title}.",
        "How stars count": card.ratings,
        "Departs from the paper": card.departures,
        "Grew from": ", ".join(card.parents),
        "Also reads": ", ".join(card.side_information),
    }
    if manifest is not None and model.served is not None:
        changed = workshop.changes(card.slug, manifest.config)
        lines |= {
            "Trained": f"{ago(manifest.created)}, in {duration(manifest.seconds)}",
            "Learned from": f"{manifest.interactions:,} ratings by {manifest.people:,} people",
            "Settings": ", ".join(f"{name} = {value}" for name, value in changed.items()) or "defaults",
            "Last refresh": refreshed(model.verdict) if model.verdict else "",
            "Version": model.served.version,
        }
    return {name: text for name, text in lines.items() if text}


def figures(model: Shelved, metrics: Mapping[str, str]) -> None:
    """How good the serving version is, every figure with its interval."""
    found = {name: model.metrics[key] for key, name in metrics.items() if key in model.metrics}
    if not found:
        st.caption("The version that serves has not been measured yet.")
        return
    st.html(table({name: interval(metric) for name, metric in found.items()}, "model-figures"))
    st.caption(f"95 % intervals over {next(iter(found.values())).n:,} people, last rating hidden.")


def interval(metric: Metric) -> str:
    """A figure with its interval."""
    return f"{decimal(metric.value)}  ({decimal(metric.low)} to {decimal(metric.high)})"


def table(lines: Mapping[str, str], kind: str = "model-facts") -> str:
    """Names and texts as an HTML table."""
    rows = "".join(
        f'<tr><th scope="row">{markup(name)}</th><td>{markup(text)}</td></tr>' for name, text in lines.items()
    )
    return f'<table class="{kind}"><tbody>{rows}</tbody></table>'


def state(model: Shelved) -> tuple[str, str]:
    """What is happening to a model, in words, and its kind: working, failed, idle."""
    if model.working is not None:
        return training.doing(model.working), "working"
    if model.failed is not None:
        return f"{WORK[model.failed.kind]} failed: {model.failed.reason}", "failed"
    if model.problem:
        return model.problem, "failed"
    if model.verdict is not None and not model.verdict.promotes:
        return refreshed(model.verdict), "idle"
    return ("", "idle") if model.manifest is not None else ("not trained yet", "idle")


def refreshed(verdict: Verdict) -> str:
    """What came of a refresh, in words."""
    if not verdict.n:
        return "Refreshed; no new rating was there to judge by"
    told = f"(NDCG {decimal(verdict.after)}, before {decimal(verdict.before)})"
    ratings = f"the {verdict.n} newest ratings" if verdict.n > 1 else "the newest rating"
    if verdict.promotes:
        return f"Refreshed: it finds {ratings} no worse {told}"
    return f"A refresh did not get to serve: it finds {ratings} worse {told}"


def failure(model: Shelved) -> str:
    """Why its last job failed, as Markdown."""
    return plain(state(model)[0])


def mark(card: ModelCard) -> str:
    """The block's colour and shape, as HTML."""
    colour, clip = theme.BLOCK_COLOURS[card.block], theme.BLOCK_CLIPS[card.block]
    return f'<i class="block" style="background:{colour};clip-path:{clip}"></i>'


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 1:
        return f"{max(1, round(1000 * seconds))} ms"
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.0f} min"


def ago(moment: datetime) -> str:
    """How long ago a moment was; its date when that is longer than a day."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min ago"
    return f"{seconds / 3600:.0f} h ago" if seconds < 86_400 else f"{moment:%-d %B %Y}"
