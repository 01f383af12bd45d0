"""How a training went so far, one point per epoch, for the chart that moves while it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MOST = 200
"""Points that are kept; of a longer training every second one goes."""
VALIDATION = "ndcg@10"

Point = dict[str, float]
"""epoch, loss, and ndcg@10 where it was measured."""


class Curve:
    """Made from what a model tells while it trains: the epoch that runs, its mean loss so far, ndcg@10 as last measured.

    The first word of an epoch still has the figures of the one that has just ended, and closes its point.
    """

    def __init__(self, points: Sequence[Point] = ()) -> None:
        """`points` are of the same training before it was interrupted."""
        self._points = [dict(point) for point in points]
        self._epoch: float | None = None
        self._measured: float | None = None

    def told(self, metrics: Mapping[str, float]) -> list[Point]:
        """The points so far, the latest included; none of a model that knows no epochs."""
        epoch, loss, quality = metrics.get("epoch"), metrics.get("loss"), metrics.get(VALIDATION)
        if epoch is None:
            return []
        if self._epoch is None:  # it begins, or goes on where it was interrupted
            self._points = [point for point in self._points if point["epoch"] < epoch]
        elif loss is not None and not (epoch == self._epoch and self._points and self._points[-1]["loss"] == loss):
            point = self._at(self._epoch)
            point["loss"] = loss
            if quality is not None and (epoch != self._epoch or quality != self._measured):
                point[VALIDATION] = quality
        self._epoch, self._measured = epoch, quality
        return self._points

    def _at(self, epoch: float) -> Point:
        if not self._points or self._points[-1]["epoch"] != epoch:
            if len(self._points) >= MOST:
                del self._points[1::2]
            self._points.append({"epoch": epoch})
        return self._points[-1]
