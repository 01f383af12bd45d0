"""The weights of every item on all others, with rows of features below those of people."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from recommender.layers.shallow import solved, weighed


@pytest.mark.parametrize("people", [2, 12], ids=["rows' side", "items' side"])
def test_extra_rows_are_more_people(people: int) -> None:
    rng = np.random.default_rng(2)
    X, extra = (rng.random((people, 6)) < 0.5).astype(np.float32), rng.normal(size=(3, 6)).astype(np.float32)
    Z = np.vstack([X, extra]).astype(float)
    P = np.linalg.inv(Z.T @ Z + 2 * np.eye(6))
    B = np.eye(6) - P / np.diag(P)
    factor, diagonal = solved(sp.csr_array(X), 2.0, extra)
    assert bool(len(diagonal)) == (people + 3 < 6)
    x = np.array([[1, 0, -0.3, 0, 0, 1]], np.float32)
    assert np.allclose(weighed(sp.csr_array(x), factor, diagonal, 2.0), x @ B, atol=1e-5)
