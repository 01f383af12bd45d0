"""Position bias: where the visitors of this house look, and what a ranker learns from their clicks if nobody corrects for it."""

from __future__ import annotations

import streamlit as st

from app import position_trials, positions
from app.components import position_bars, position_curve
from app.components.leaderboard import decimal
from app.components.position_curve import Line, Point
from app.components.text import plain
from app.position_trials import DEFAULT_ETA, ETAS, MODELS, NAIVE, TITLES, TRUTH, Experiment
from app.positions import FEWEST, FEWEST_PEOPLE, PLACES, Live
from app.theme import inks

EVERY_SECONDS = 2.0
MANNERS = {
    "position": "Everybody looks at each place by chance, the less the lower it is, and clicks on what they like of what they see.",
    "cascade": "Everybody reads from the top, clicks on the first movie they like and reads no further; some give up before.",
}
CURVES = {
    "swap": "found by swaps, 95 % interval",
    "truth": "the truth (dashed)",
    "dla": "learned by DLA",
}


def render() -> None:
    """The house's own curve, then the simulator."""
    st.markdown("What stands on top is seen more, so it is clicked more, **whether or not it is liked more**.")
    st.subheader("Where do visitors look here?", anchor=False)
    here()
    st.subheader("What does a ranker learn from such clicks?", anchor=False)
    simulator()


@st.fragment(run_every=EVERY_SECONDS)
def here() -> None:
    """The curve of this installation; follows by itself as people click."""
    known, working = positions.live()
    if known is None:
        st.markdown("Counting what was shown and clicked here …")
        return
    st.markdown(said_here(known))
    if known.enough:
        points = [Point(one.first, one.last, one.value, one.low, one.high) for one in known.stretches]
        naive = [
            Point(one.first, one.last, rate, rate, rate)
            for one, rate in zip(known.stretches, rates(known), strict=True)
        ]
        lines = [
            Line("by the place alone, 95 % interval", points),
            Line("plain click rate (dashed)", naive, dashed=True),
        ]
    else:
        st.progress(min(1.0, known.telling / FEWEST), text=f"{known.telling:,} of {FEWEST} clicks that tell of places")
        curve = position_trials.looked_at(DEFAULT_ETA, PLACES)
        simulated = [Point(place, place, value, value, value) for place, value in enumerate(curve.tolist(), 1)]
        lines = [Line("simulated: place k by chance 1/k", simulated, dashed=True)]
    position_curve.render(lines, ink=inks(), key="live_curve")
    if known.enough:
        st.caption(
            "A click is a movie that was opened or given stars within half an hour. The plain click rate mixes how good movies are with where they stand; the "
            "other curve compares each movie with itself at other places, before the same visitor, as models are switched. Nothing is shuffled for it."
            + (" Newer clicks are being read." if working else "")
        )


def said_here(known: Live) -> str:
    """What the clicks of this house say, as Markdown."""
    counted = f"**{known.shown:,}** {'movie was' if known.shown == 1 else 'movies were'} shown here and **{known.clicks:,}** clicked"
    if not known.enough:
        return (
            f"{counted}. That is too little to tell place from liking: **{FEWEST}** clicks of **{FEWEST_PEOPLE}** visitors are needed on movies that the same "
            f"visitor saw at different places, and there are **{known.telling:,}** of **{known.people:,}**. Switch models under For you: each puts a movie "
            "elsewhere. Until then the curve is simulated:"
        )
    last = next(one for one in reversed(known.stretches) if one.value is not None)
    assert last.value is not None
    assert last.low is not None
    assert last.high is not None
    return (
        f"{counted}. Places **{last.first} to {last.last}** are looked at **{last.value:.0%}** as often as the first three ({last.low:.0%} to {last.high:.0%}), by "
        f"**{known.telling:,}** clicks of **{known.people:,}** visitors on movies that stood at different places before them."
    )


def rates(known: Live) -> list[float | None]:
    """Clicks per showing of each stretch beside the first; None where nothing was shown, or the first was never clicked."""
    top = known.stretches[0]
    if not top.clicks:
        return [None] * len(known.stretches)
    first = top.clicks / top.shown
    return [one.clicks / one.shown / first if one.shown else None for one in known.stretches]


def simulator() -> None:
    """The knobs, then what was found, or how far it is."""
    left, right = st.columns(2, vertical_alignment="bottom")
    model = left.segmented_control(
        "How people look", list(MODELS), format_func=MODELS.__getitem__, default="position", required=True,
        key="click_model", bind="query-params",
    )  # fmt: skip
    eta = right.select_slider(
        "Strength of the bias, η", ETAS, value=DEFAULT_ETA, format_func="{:g}".format, key="eta", bind="query-params"
    )
    st.caption(f"{MANNERS[model]} η = 0 reads on for ever, η = 2 hardly looks below the third.")
    found = position_trials.found(model, eta)
    if found is None:
        waiting(model, eta)
        return
    st.markdown(sentence(found))
    position_bars.render(found, ink=inks())
    st.caption(about(found))
    lines = [
        Line(
            name,
            [Point(at, at, one.value, one.low, one.high) for at, one in enumerate(found.curves[curve], 1)],
            curve == "truth",
        )
        for curve, name in CURVES.items()
    ]
    position_curve.render(lines, ink=inks(), key="simulated_curve")


@st.fragment(run_every=EVERY_SECONDS)
def waiting(model: str, eta: float) -> None:
    """How far the trial is; the page is drawn anew when it is there."""
    if position_trials.found(model, eta) is not None:
        st.rerun(scope="app")
    position_trials.begin(model, eta)
    share, trouble = position_trials.progress(model, eta)
    if trouble is not None:
        st.info(f"Clicks cannot be simulated on this data set: {plain(trouble)}", icon=":material/info:")
        return
    st.progress(
        share, text="Showing lists, collecting clicks, training six rankers: half a minute, once for each setting"
    )


def sentence(found: Experiment) -> str:
    """Who learned the positions, and who did not, as Markdown."""
    naive, truth = found.trained[NAIVE], found.trained[TRUTH]
    level = [way for way in TITLES if way not in (NAIVE, TRUTH) and found.within(way)]
    short = [way for way in TITLES if way not in (NAIVE, TRUTH) and not found.within(way)]
    said = (
        f"Trained on clicks as they are, the ranker agrees with the order it was shown by **τ = {naive.agreement.value:.2f}** (the truth: {truth.agreement.value:.2f}) "
        f"and reaches **{decimal(naive.ndcg.value)}** of **{decimal(truth.ndcg.value)}**"
    )
    said += ", within the interval of the truth: here the bias does no harm." if found.within(NAIVE) else "."
    if level:
        said += (
            f" Within the interval of the one that knew the truth: {', '.join(f'**{TITLES[way]}**' for way in level)}."
        )
    if short:
        said += f" Short of it: {', '.join(f'**{TITLES[way]}**' for way in short)}."
    return said


def about(found: Experiment) -> str:
    """How it was played."""
    clips = max(found.clipped.values())
    return (
        f"{found.lists:,} lists of real movies that people rated later, newest first with some unrest; {found.clicks:,} simulated clicks. Judged by the stars of "
        f"{found.judges} other people. Grey: the interval of the one that knew the truth. "
        + (
            f"{clips} of {len(found.curves['truth'])} propensities lay below {found.floor:g} and were clipped there, which lets some bias back in."
            if clips
            else "No propensity had to be clipped."
        )
    )
