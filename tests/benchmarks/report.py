"""Puts what a benchmark measured into docs/benchmarks.md: each has a section of its own, made anew by each run."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Every figure on this page was written by the command that stands above it. Run it again and the section is made anew;
`make bench` runs them all.
"""


def write(section: str, title: str, body: str, *, command: str, seed: int | None = None, page: Path = PAGE) -> None:
    """Put a section between its marks, `<!-- section -->` and `<!-- /section -->`; a new one goes to the end of the page."""
    text = page.read_text(encoding="utf-8") if page.exists() else HEAD
    facts = [
        f"`{command}`",
        *([f"seed {seed}"] if seed is not None else []),
        machine(),
        f"{datetime.now(UTC):%Y-%m-%d}",
    ]
    begin, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    made = f"{begin}\n## {title}\n\n{'; '.join(facts)}.\n\n{body.strip()}\n{end}"
    found = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    text = found.sub(lambda _: made, text) if found.search(text) else f"{text.rstrip()}\n\n{made}\n"
    page.parent.mkdir(exist_ok=True)
    page.write_text(text, encoding="utf-8")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def machine() -> str:
    """Cores, processor, memory, Python: what a time means."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        names = re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        names = []
    processor = names[0] if names else platform.processor() or platform.machine()
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cores} cores of {processor}, {memory_gb:.0f} GB, Python {platform.python_version()}"
