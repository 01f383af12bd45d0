"""What the command line draws: progress on stderr, tables on stdout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

if TYPE_CHECKING:
    from recommender.evaluation.report import Metric, Report, TrialReport

errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    TaskProgressColumn(),
    TimeElapsedColumn(),
    TextColumn("{task.fields[note]}"),
)


class Bar:
    """A bar on stderr; it is told like any model's progress, or as bytes of a download."""

    def __init__(self, title: str, parts: Sequence[str] = ()) -> None:
        """`parts` name equal shares of the work, in order: the bar shows which one it is at."""
        self._parts = parts
        self._drawn = Progress(*COLUMNS, console=errors)
        self._task = self._drawn.add_task(title, total=None, note="")

    def __enter__(self) -> Self:
        self._drawn.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._drawn.update(self._task, completed=1, total=1)
        self._drawn.stop()

    def step(self, done: int, total: int, metrics: Mapping[str, float]) -> None:
        """The progress callable of models and evaluations."""
        part = self._parts[min(done * len(self._parts) // max(total, 1), len(self._parts) - 1)] if self._parts else ""
        self._drawn.update(self._task, completed=done, total=total or None, note=f"{part}  {_noted(metrics)}".strip())

    def bytes(self, done: int, total: int) -> None:
        """The watch of a download."""
        self._drawn.update(self._task, completed=done, total=total or None, note=f"{done / 1e6:,.0f} MB")


class Bars:
    """Bars for models that are trained at the same time."""

    def __init__(self) -> None:
        self._drawn = Progress(*COLUMNS, console=errors)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._drawn.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drawn.stop()

    def step(self, title: str, done: int, total: int, metrics: Mapping[str, float]) -> None:
        """The bar of this title, which begins with the first step."""
        if title not in self._tasks:
            self._tasks[title] = self._drawn.add_task(title, note="")
        self._drawn.update(self._tasks[title], completed=done, total=total or None, note=_noted(metrics))

    def done(self, title: str) -> None:
        """It need not be seen any more."""
        if (task := self._tasks.get(title)) is not None:
            self._drawn.update(task, visible=False)


def _noted(metrics: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {value:.4g}" for name, value in metrics.items())


def show(report: Report) -> None:
    """The main figures of an evaluation, best model first, with 95 % intervals."""
    print(f"{report.protocol} on {report.dataset}. {report.sentence}")
    if len(report.trials) > 2:
        Console().print(_curve(report))
        return
    for trial in report.trials:
        names = ("ndcg@10", "hr@10", "recall@10", "coverage@10")
        table = Table(
            Column("model", no_wrap=True),
            *names,
            box=None,
            title_justify="left",
            title=f"{trial.label}: {trial.people:,} people",
        )
        for slug in _ordered(trial):
            table.add_row(slug, *(_figure(trial.models[slug][name]) for name in names))
        Console().print(table)


def _curve(report: Report) -> Table:
    """NDCG@10 of each model, one column per trial, the first trial last."""
    trials = list(reversed(report.trials))
    people = report.trials[0].people
    table = Table("ndcg@10", *(trial.label for trial in trials), box=None, title=f"{people:,} people")
    for slug in _ordered(report.trials[0]):
        table.add_row(slug, *(f"{trial.models[slug]['ndcg@10'].value:.3f}" for trial in trials))
    return table


def _ordered(trial: TrialReport) -> list[str]:
    return sorted(trial.models, key=lambda slug: -trial.models[slug]["ndcg@10"].value)


def _figure(metric: Metric) -> str:
    return f"{metric.value:.3f} ({metric.low:.3f}-{metric.high:.3f})"
