"""What decides a contest beside other libraries: lists, the figure, and when a training ends."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from recommender.evaluation.metrics.accuracy import hits_of
from recommender.evaluation.metrics.accuracy import ndcg as ours
from tests.benchmarks.peers.contest import LISTED, Job, Sequences, Stage, compete, lists_of, ndcg

SEQUENCES = Sequences(np.array([0, 1, 2, 3, 4, 5, 6, 7, 8]), np.array([0, 4, 9]), 30)


def test_what_is_shown_and_hidden() -> None:
    assert [items.tolist() for items in SEQUENCES.shown("validation")] == [[0, 1], [4, 5, 6]]
    assert SEQUENCES.hidden("validation").tolist() == [2, 7]
    assert [items.tolist() for items in SEQUENCES.shown("test")] == [[0, 1, 2], [4, 5, 6, 7]]
    assert SEQUENCES.hidden("test").tolist() == [3, 8]


def test_lists_leave_out_what_was_seen_and_ties_go_by_index() -> None:
    scores = np.zeros((1, 30), np.float32)
    scores[0, [5, 9]] = 1
    assert lists_of(scores, [np.array([0, 9])])[0].tolist() == [5, 1, 2, 3, 4, *range(6, 9), *range(10, 22)]


def test_the_figure_is_that_of_the_house() -> None:
    rng = np.random.default_rng(0)
    lists = np.stack([rng.permutation(30)[:LISTED] for _ in range(50)])
    hidden = rng.integers(0, 30, 50)
    hits = hits_of(lists.astype(np.int32), np.arange(50), hidden.astype(np.int32))
    np.testing.assert_allclose(ndcg(lists, hidden), ours(hits, np.ones(50, np.int64), 10))


def test_the_best_epoch_is_handed_in_and_patience_ends_it(tmp_path: Path) -> None:
    SEQUENCES.write(tmp_path / "data.npz")
    trained = 0

    def epoch() -> float:
        nonlocal trained
        trained += 1
        return 1.0

    def answer(stage: Stage) -> np.ndarray:
        """Finds both hidden items after the second epoch, and none otherwise; the first of a test list is the epoch."""
        lists = np.full((2, LISTED), 29)
        if stage == "test":
            lists[:, 0] = trained
        elif trained == 2:
            lists[:, 0] = SEQUENCES.hidden("validation")
        return lists

    out = tmp_path / "out.npz"
    compete(Job(str(tmp_path / "data.npz"), "sasrec", str(out), epochs=50, patience=3), epoch, answer)
    with np.load(out) as found:
        assert found["gains"].tolist() == [0, 1, 0, 0, 0]
        assert found["lists"][:, 0].tolist() == [2, 2]
    compete(Job(str(tmp_path / "data.npz"), "sasrec", str(out), epochs=50, patience=3, seconds=1.5), epoch, answer)
    with np.load(out) as found:
        assert len(found["seconds"]) == 2
