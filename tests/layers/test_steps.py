"""Counting steps."""

from __future__ import annotations

from recommender.layers.steps import Steps


def test_only_training_counts() -> None:
    steps = Steps()
    assert [int(steps()) for _ in range(3)] == [0, 1, 2]
    steps.eval()
    assert [int(steps()) for _ in range(2)] == [3, 3]
    assert steps.state_dict()["taken"].tolist() == [3]
