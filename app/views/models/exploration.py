"""Exploration: what curiosity costs and gains on real people, and what this house's own visitors say of its models."""

from __future__ import annotations

import streamlit as st

from app import off_policy, regret
from app.components import explore_chart, leaderboard
from app.components.leaderboard import Row, decimal
from app.components.text import plain
from app.exploration import DEFAULT, NAMES
from app.off_policy import ESTIMATED, FEWEST, FEWEST_PEOPLE, Verdict
from app.regret import Regrets
from app.theme import inks
from recommender.evaluation.report import Metric

EVERY_SECONDS = 2.0
NEVER = "a log of it alone says nothing of others, since it leaves nothing to chance"
SAYS = {
    "IPS": "counts every answer by how much likelier the model would have shown that movie",
    "SNIPS": "is IPS divided by the sum of its weights: steadier, and a little off while there are few answers",
    "DR": "guesses every answer first and lets the weights correct the guess: right if either is",
}


def render() -> None:
    """Regret on held-out people, then the estimates of this installation."""
    st.subheader("What does curiosity cost?", anchor=False)
    found = regret.regrets()
    if found is None:
        regret.begin()
        waiting()
    else:
        played(found)
    st.subheader("Who would have done better here?", anchor=False)
    known, working = off_policy.verdict()
    if known is not None:
        judged(known)
    if working:
        reading()


@st.fragment(run_every=EVERY_SECONDS)
def waiting() -> None:
    """How far the simulator is; the page is drawn anew when it is there."""
    if regret.regrets() is not None:
        st.rerun(scope="app")
    share, trouble = regret.progress()
    if trouble is not None:
        st.info(f"Regret cannot be played on this data set: {plain(trouble)}", icon=":material/info:")
        return
    st.progress(share, text="Playing every policy on people whose answers are known: a minute or two, once")


def played(found: Regrets) -> None:
    """The chosen policy in a sentence, the curves, how it was played."""
    told = st.container()
    policy = st.segmented_control(
        "Policy",
        list(NAMES),
        format_func=NAMES.__getitem__,
        default=DEFAULT,
        required=True,
        key="explore_policy",
        label_visibility="collapsed",
        bind="query-params",
    )
    told.markdown(sentence(found, policy))
    explore_chart.render(found, policy, ink=inks())
    st.caption(
        f"Regret of a choice: the stars that the best of the {found.offered} movies on offer got, less those of the movie that was chosen. "
        f"{found.people} people of whom {plain(found.model)} learned nothing show {regret.OPENING} ratings, then choose {turns(found)} times; after each choice "
        f"their real stars are revealed, to model and policy. Mean of {found.seeds} seeds; bands are 95 % intervals over people. Only movies that they "
        "did rate can be offered, so real regret is larger."
    )


def turns(found: Regrets) -> int:
    """How many choices everybody makes."""
    return len(found.curves[regret.GREEDY].regret)


def sentence(found: Regrets, policy: str) -> str:
    """What the policy gives up beside the model alone, as Markdown."""
    curve, alone = found.curves[policy], found.curves[regret.GREEDY]
    last, per, ahead = curve.regret[-1], turns(found), curve.ahead[regret.GREEDY]
    said = (
        f"In **{per}** choices {NAMES[policy]} gives up **{last.value:.1f} stars** ({last.low:.1f} to {last.high:.1f}), {plain(found.model)} alone "
        f"**{alone.regret[-1].value:.1f}**: {difference(ahead)}."
    )
    if policy == "epsilon":
        return said
    return f"{said} Part of that is not curiosity but reading how many stars you give: beside the same without curiosity it is {difference(curve.ahead[regret.CERTAIN])}."


def difference(ahead: Metric) -> str:
    """Stars more or less, with what can be said of them."""
    low, high = sorted((abs(ahead.low), abs(ahead.high)))
    if ahead.low > 0:
        return f"**{ahead.value:.1f} less** ({low:.1f} to {high:.1f})"
    if ahead.high < 0:
        return f"**{-ahead.value:.1f} more** ({low:.1f} to {high:.1f})"
    return f"no difference that could not be luck ({-ahead.high:+.1f} to {-ahead.low:+.1f})"


@st.fragment(run_every=EVERY_SECONDS)
def reading() -> None:
    """Until all is read; then the page is drawn anew."""
    if not off_policy.verdict()[1]:
        st.rerun(scope="app")
    st.caption("Reading what was shown here, and asking every model about it …")


@st.fragment
def judged(known: Verdict) -> None:
    """What the places that were left to chance say of every model."""
    st.markdown(said_here(known))
    if not known.models:
        st.progress(min(1.0, known.trials / FEWEST), text=f"{known.trials:,} of {FEWEST} places left to chance")
        return
    estimator = st.segmented_control(
        "Estimator", list(ESTIMATED), default="DR", required=True, key="estimator", label_visibility="collapsed"
    )
    st.caption(f"{estimator} {SAYS[estimator]}.")
    ink = inks()
    rows = [Row(one.card, one.values[estimator]) for one in known.models]
    leaderboard.render(rows, "Share that earns four stars", ink=ink.text, quiet=ink.quiet)
    cut = max(one.weights.cut for one in known.models)
    covered = sorted(min(one.weights.mean, 1.0) for one in known.models)
    worth = sorted(one.weights.effective for one in known.models)
    st.caption(
        f"A model is taken to show one of its first {off_policy.TOP} movies, each as likely, wherever chance had a say. The log is worth {worth[0]:.0f} to "
        f"{worth[-1]:.0f} choices of the models’ own, since only those count that they might have made; it covers {covered[0]:.0%} to {covered[-1]:.0%} of what they would "
        "have shown, and IPS takes the rest for nothing earned"
        + (f"; up to {cut} weights were cut at {off_policy.MOST_WEIGHT:.0f}." if cut else ".")
    )


def said_here(known: Verdict) -> str:
    """How much there is to judge by, as Markdown."""
    if not known.models:
        return (
            f"Too little was left to chance to judge any model: {counted(known.trials, 'place')} before {counted(known.people, 'visitor')} so far, and "
            f"**{FEWEST}** before **{FEWEST_PEOPLE}** are needed. Switch on **Explore** under For you, by Thompson sampling or epsilon-greedy; of LinUCB {NEVER}."
        )
    share = known.rewarded / known.trials
    return (
        f"{counted(known.trials, 'place')} were left to chance before {counted(known.people, 'visitor')}, and "
        f"**{known.rewarded:,}** of them earned four stars or more ({decimal(share)}). What each model would have earned there:"
    )


def counted(count: int, what: str) -> str:
    """A number of things as Markdown."""
    return f"**{count:,}** {what if count == 1 else f'{what}s'}"
