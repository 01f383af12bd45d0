"""The plan file: what comes with the house is sound, and what is wrong with another is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.errors import MarqueeError
from recommender.serving.cascade.plan import DEFAULT, PlanFile, read


def test_the_plan_that_comes_with_the_house() -> None:
    plan = read(DEFAULT)
    assert plan.retrieval.sources["ease"] > plan.shown
    assert plan.shown == 10


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"dcnv2"', '"nonesuch"', "There is no model called nonesuch; "),
        ("ease = 200", "eese = 200", "did you mean ease"),
        ("ease = 200", "ease = -5", "retrieval.sources.ease cannot be -5; input should be greater than 0."),
        ("keep = 60", 'keep = "many"', "ranking.keep cannot be 'many'"),
        ("keep = 60", "keep = 5", "A stage cannot keep 40 movies when the one before it leaves 5."),
        ("[ranking]", "[shuffling]", "ranking is missing"),
        (
            "[ranking]",
            "[shuffling]\nkeep = 1\n[ranking]",
            "there is no “shuffling” in a plan; a cascade has retrieval, ",
        ),
        ('by = "freshness"', 'by = "magic"', "reranking.0.by cannot be 'magic'; input should be 'mmr', 'dpp', "),
        ("weight = 0.1", "weight = 2", "reranking.0.weight cannot be 2"),
        ("deadline = 400\nmodel", "deadline = 0\nmodel", "ranking.deadline cannot be 0"),
        ("keep = 60", "keep = 60\nspeed = 9", "there is no “ranking.speed” in a plan; nothing reads it."),
        ("[retrieval]", "[retrieval", "is not sound TOML: "),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    text = DEFAULT.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "cascade.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MarqueeError) as caught:
        read(path)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("cascade.toml")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "cascade.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MarqueeError, match="cannot be read"):
        read(path)


def test_the_plan_before_serves_on(tmp_path: Path) -> None:
    """A new file counts at once, a broken one changes nothing and says so, without a file the house's own is back."""
    path = tmp_path / "cascade.toml"
    kept = PlanFile(path)
    text = DEFAULT.read_text(encoding="utf-8")
    assert kept.current() == (read(DEFAULT), None)
    path.write_text(text.replace("keep = 60", "keep = 55"), encoding="utf-8")
    plan, problem = kept.current()
    assert (plan.ranking.keep, problem) == (55, None)
    path.write_text(text.replace("keep = 60", "keep = -1"), encoding="utf-8")
    plan, problem = kept.current()
    assert plan.ranking.keep == 55
    assert problem is not None
    assert problem.endswith("greater than 0. The plan before it serves on.")
    path.unlink()
    assert kept.current() == (read(DEFAULT), None)


def test_other_rankers_and_re_rankers_keep_the_length() -> None:
    plan = read(DEFAULT)
    assert plan.ranked_by("fm").ranking.model == "fm"
    for by in ("mmr", None):
        other = plan.reranked_by(by)  # type: ignore[arg-type]
        assert other.shown == plan.shown
        assert [stage.by for stage in other.reranking] == ([by] if by else [])
