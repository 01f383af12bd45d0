"""The rows and figures of the CTR table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from tests.benchmarks.peers.ctr import TEST, TRAIN, VALIDATION, Entry, Job, Rows, auc, aucs, by_time, drawn, log_losses
from tests.benchmarks.peers.ctr_contest import SPLITS, TRIES, Contest


def test_figures_are_those_of_scikit_learn_ties_and_weights_included() -> None:
    rng = np.random.default_rng(0)
    p, yes = rng.integers(1, 9, 200) / 10, rng.random(200) < 0.4
    weights = rng.integers(0, 3, (4, 200)).astype(float)
    assert auc(p, yes) == pytest.approx(roc_auc_score(yes, p))
    np.testing.assert_allclose(aucs(p, yes, weights), [roc_auc_score(yes, p, sample_weight=w) for w in weights])
    assert log_losses(p, yes).mean() == pytest.approx(log_loss(yes, p))


def test_parts_are_eight_to_one_to_one_and_time_never_runs_back() -> None:
    when = np.array([5, 5, 9, 1, 2, 3, 4, 8, 7, 6])
    assert by_time(when).tolist() == [TRAIN, TRAIN, TEST, TRAIN, TRAIN, TRAIN, TRAIN, VALIDATION, TRAIN, TRAIN]
    parts = drawn(1000, 3)
    assert np.bincount(parts).tolist() == [800, 100, 100]
    assert (parts == drawn(1000, 3)).all()
    assert (parts != drawn(1000, 4)).any()


def test_the_best_epochs_answers_are_handed_in_and_patience_ends_it(tmp_path: Path) -> None:
    part = np.array([TRAIN, VALIDATION, VALIDATION, TEST])
    rows = Rows(*np.zeros((2, 4), int), np.array([5.0, 5.0, 1.0, 5.0]), np.arange(4), part, 1, np.array(["x"]), part)
    job = Job("", "", "fm", str(tmp_path / "out.npz"), patience=2)
    entry = Entry(job, rows)
    for epoch, good in enumerate([False, True, False, False]):
        assert not entry.over
        guesses = np.array([0.9, 0.1]) if good else np.array([0.1, 0.9])
        assert entry.epoch(lambda asked, e=epoch, g=guesses: g if asked == VALIDATION else np.array([e / 10])) == good
    assert entry.over
    entry.hand_in()
    with np.load(job.out) as found:
        assert found["test"].tolist() == [0.1]
        assert found["gains"].tolist() == [0, 1, 0, 0]
        assert len(found["seconds"]) == 4


def test_validation_rows_choose_among_all_tries_and_no_answer_is_taken_for_another(tmp_path: Path) -> None:
    contest = Contest("embedded", tmp_path)
    contest.jobs.mkdir()
    gains = (0.71, 0.74, 0.79, 0.78)
    for settings, gain in zip(TRIES["marquee"], gains, strict=True):
        np.savez(contest.answer("marquee", "fm", SPLITS[0], settings), gains=np.array([0.5, gain, 0.6]))
    assert contest.chosen("marquee", "fm") == TRIES["marquee"][2]
