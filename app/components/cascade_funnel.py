"""A cascade's outcome as the funnel draws it, and where a movie was lost, in words."""

from __future__ import annotations

from collections.abc import Sequence

from app import movies, theme
from app.components.funnel import Bar, Source, Taker, Way, funnel
from app.resources import house
from recommender.serving.answers import Person
from recommender.serving.cascade.outcome import RANKING, RETRIEVAL, Brought, Lost, Outcome, Passed
from recommender.serving.cascade.plan import FRESH

TITLES = {
    RETRIEVAL: "Retrieved",
    RANKING: "Ranked",
    "mmr": "MMR",
    "dpp": "DPP",
    "calibration": "Calibrated",
    "freshness": "Freshened",
}
"""What stands after each stage."""
ABOUT = {
    "mmr": "relevant, and unlike what stands above",
    "dpp": "as a list, wide apart",
    "calibration": "to the genres you rate",
    "freshness": "new movies moved up",
}
LOST = {
    RETRIEVAL: "no source brought it",
    RANKING: "lost in the ranking",
    "mmr": "lost to MMR",
    "dpp": "lost to the DPP",
    "calibration": "lost to calibration",
    "freshness": "lost to freshness",
}
TAKERS = 12
FRESH_CLIP = "polygon(50% 0, 61% 35%, 98% 35%, 68% 57%, 79% 91%, 50% 70%, 21% 91%, 32% 57%, 2% 35%, 39% 35%)"


def render(outcome: Outcome, person: Person, item: int | None) -> int | None:
    """Draw it. Returns the movie_id of what was just clicked."""
    order = [source.source for source in outcome.sources]
    retrieved = outcome.stages[0]
    sources = [shown(source) for source in outcome.sources]
    bars = [
        Bar("Not rated by you", "the whole catalogue", outcome.catalogue, ()),
        Bar(
            "Brought",
            f"by {len(order)} sources, {taken(retrieved.milliseconds)}",
            sum(len(source.items) for source in outcome.sources),
            tuple(len(source.items) for source in outcome.sources),
            left_out=retrieved.left_out is not None,
            split=True,
        ),
    ]
    for stage in outcome.stages:
        by = [outcome.brought_by(movie) for movie in stage.left]
        title = TITLES[stage.name] if stage.name != RETRIEVAL else "Different ones"
        bars.append(
            Bar(title, about(stage, outcome), len(stage.left), tuple(map(by.count, order)), stage.left_out is not None)
        )
    if item is None:
        return funnel(sources, bars, None, (), (), key="funnel")
    return funnel(
        sources,
        bars,
        way(outcome, person, item),
        fate(outcome, person, item),
        takers(outcome, person, item),
        key="funnel",
    )


def name_of(source: str) -> str:
    """A source's name."""
    return "Fresh" if source == FRESH else house().cards[source].name


def taken(milliseconds: float) -> str:
    """A time as people read it."""
    return f"{milliseconds:.0f} ms" if milliseconds >= 1 else "under 1 ms"


def shown(source: Brought) -> Source:
    """A source with its colour and sign."""
    colour, clip = theme.inks().accent, FRESH_CLIP
    if source.source != FRESH:
        block = house().cards[source.source].block
        colour, clip = theme.BLOCK_COLOURS[block], theme.BLOCK_CLIPS[block]
    note = f"{len(source.items)} · {taken(source.milliseconds)}"
    if source.left_out:
        note = f"left out: {source.left_out}"
    return Source(name_of(source.source), colour, clip, note, source.left_out is not None)


def about(stage: Passed, outcome: Outcome) -> str:
    """What stands below a stage's title."""
    if stage.left_out:
        return f"left out: {stage.left_out}"
    if stage.name == RETRIEVAL:
        several = sum(len(ranks) > 1 for ranks in outcome.ranks.values())
        return f"{several:,} of them from several"
    if stage.name == RANKING:
        by = f"by {house().cards[stage.model or ''].name}, {taken(stage.milliseconds)}"
        return by if stage.instead_of is None else f"{by}; {house().cards[stage.instead_of].name} is not trained yet"
    return f"{ABOUT[stage.name]}, {taken(stage.milliseconds)}"


def brought_by(outcome: Outcome, item: int) -> str:
    """Who brought a movie, in words, who put it highest first."""
    ranks = outcome.ranks[item]
    return " and ".join(name_of(source) for source in sorted(ranks, key=ranks.__getitem__))


def lost(outcome: Outcome, item: int) -> str | None:
    """Where the cascade lost a movie, in a few words; None when it did not."""
    found = outcome.lost(item)
    if found is None:
        return None
    placed = "" if found.rank is None else f", {found.rank:,} of {len(found.stage.entered):,}"
    return LOST[found.stage.name] + placed


def way(outcome: Outcome, person: Person, item: int) -> Way | None:
    """The movie's line through the bars; none for a movie that was never in it."""
    if item in person.items:
        return None
    found = outcome.lost(item)
    if item not in outcome.ranks:
        return Way(None, (0.5,), LOST[RETRIEVAL], lost=True)
    source = outcome.brought_by(item)
    brought = next(one for one in outcome.sources if one.source == source)
    places = [0.5, place(item, brought.items)]
    for stage in outcome.stages:
        if item not in stage.left:
            break
        places.append(place(item, [other for other in stage.left if outcome.brought_by(other) == source]))
    end = f"{outcome.items.index(item) + 1} of {len(outcome.items)}" if found is None else lost(outcome, item) or ""
    return Way([one.source for one in outcome.sources].index(source), tuple(places), end, lost=found is not None)


def place(item: int, among: Sequence[int]) -> float:
    """How far down it stands, 0..1."""
    return (among.index(item) + 0.5) / len(among)


def fate(outcome: Outcome, person: Person, item: int) -> list[tuple[str, bool]]:
    """What became of a movie: pieces of a sentence, bold or not."""
    title = movies.by_item(item).label
    if item in person.items:
        return [(title, True), (" is rated by you, so it never enters.", False)]
    found = outcome.lost(item)
    if found is None:
        said = f" reached you, at place {outcome.items.index(item) + 1} of {len(outcome.items)}; brought by {brought_by(outcome, item)}."
        return [(title, True), (said, False)]
    if found.stage.name == RETRIEVAL:
        return [
            (title, True),
            (
                f" was lost at the door: no source brought it. {nearest(outcome, person, item)} The last that came in:",
                False,
            ),
        ]
    return [(title, True), (f" was {after(found, item)}", False)]


def nearest(outcome: Outcome, person: Person, item: int) -> str:
    """How far it was from being brought, by the source that likes it best."""
    ranks = {
        source.source: rank
        for source in outcome.sources
        if source.source != FRESH
        and not source.left_out
        and (rank := house().engine.ranks(person, source.source, item)) is not None
    }
    if not ranks:
        return "No source that answered knows it."
    best = min(ranks, key=ranks.__getitem__)
    asked = next(len(source.items) for source in outcome.sources if source.source == best)
    return f"{name_of(best)} likes it best and has it at {ranks[best]:,}, but brings only {asked:,}."


def after(found: Lost, item: int) -> str:
    """Where it was lost, and to whom."""
    stage = found.stage
    by = house().cards[stage.model].name if stage.model else {"mmr": "MMR", "dpp": "DPP"}.get(stage.name, stage.name)
    if found.rank is None:
        return f"{LOST[stage.name]}: {by} cannot place it."
    came = stage.entered.index(item) + 1
    said = f"{LOST[stage.name]}: it came in at {came:,} of {len(stage.entered):,}, {by} puts it at {found.rank:,}, and {len(stage.left):,} stay."
    passed = sum(stage.entered.index(other) + 1 > came for other in found.to)
    if not passed:
        return f"{said} The last that stayed:"
    return f"{said} {passed:,} came from behind and took its place{', the best of them' if passed > TAKERS else ''}:"


def takers(outcome: Outcome, person: Person, item: int) -> list[Taker]:
    """Who took its place."""
    found = None if item in person.items else outcome.lost(item)
    if found is None:
        return []
    return [Taker((movie := movies.by_item(other)).movie_id, movie.label) for other in found.to[:TAKERS]]
