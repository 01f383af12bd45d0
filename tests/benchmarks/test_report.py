"""The page of figures: a section is made anew in its place, and the others stay as they are."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import report


def test_a_section_is_made_anew_in_its_place(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "benchmarks.md"
    for section, body in (("speed", "1 ms"), ("quality", "old \\1"), ("quality", "new \\1")):
        report.write(section, section.title(), body, command=f"python {section}.py", seed=3, page=page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Benchmarks")
    assert (
        text.index("<!-- speed -->")
        < text.index("1 ms")
        < text.index("<!-- /speed -->")
        < text.index("<!-- quality -->")
    )
    assert text.count("<!-- quality -->") == text.count("<!-- /quality -->") == 1
    assert "new \\1" in text
    assert "old" not in text
    assert "`python quality.py`; seed 3;" in text


def test_table() -> None:
    assert report.table(["model", "ndcg"], [["ease", 0.1]]).splitlines() == [
        "| model | ndcg |",
        "| --- | ---: |",
        "| ease | 0.1 |",
    ]
