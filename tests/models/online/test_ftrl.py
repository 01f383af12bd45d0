"""FTRL's update, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recommender.models.online.ftrl import FTRL, FTRLConfig


def learner(size: int = 3, **settings: float) -> FTRL:
    """A model of so many coordinates that knows nothing."""
    model = FTRL(FTRLConfig.model_validate(settings))
    model.vectors = model.begin(size)
    return model


def test_two_examples_by_hand() -> None:
    """Algorithm 1 with α = 1, β = 1, λ1 = 0.1, λ2 = 0.5 at coordinates 0 and 2 of three.

    First x = (1, 0.5), yes: w = 0, p = 1/2, g = (-0.5, -0.25), n = g², σ = √n / α = (0.5, 0.25), z = g,
    w = -(z + λ1) / ((β + √n) / α + λ2) = (0.4 / 2, 0.15 / 1.75).
    Then x = (1, 1), no: p = σ(w0 + w2), g = p at both, σ = √(n + g²) - √n, z = z + g - σ w.
    """
    model = learner(alpha=1.0, beta=1.0, l1=0.1, l2=0.5)
    at = np.array([0, 2])
    assert model.update(at, np.array([1, 0.5], np.float32), True) == 0.5
    w0, w2 = 0.4 / 2, 0.15 / 1.75
    assert model.vectors["z"].tolist() == pytest.approx([-0.5, 0, -0.25])
    assert model.vectors["n"].tolist() == pytest.approx([0.25, 0, 0.0625])
    assert model.vectors["w"].tolist() == pytest.approx([w0, 0, w2])

    p = 1 / (1 + math.exp(-(w0 + w2)))
    assert model.update(at, np.array([1, 1], np.float32), False) == pytest.approx(p, rel=1e-6)
    root0, root2 = math.sqrt(0.25 + p * p), math.sqrt(0.0625 + p * p)
    z0, z2 = -0.5 + p - (root0 - 0.5) * w0, -0.25 + p - (root2 - 0.25) * w2
    assert model.vectors["z"].tolist() == pytest.approx([z0, 0, z2])
    assert model.vectors["n"].tolist() == pytest.approx([0.25 + p * p, 0, 0.0625 + p * p])
    expected = [
        0.0 if abs(z) <= 0.1 else (math.copysign(0.1, z) - z) / (1 + root + 0.5)
        for z, root in ((z0, root0), (z2, root2))
    ]
    assert model.vectors["w"][[0, 2]].tolist() == pytest.approx(expected)


def test_a_weight_that_has_not_earned_it_stays_at_zero() -> None:
    model = learner(alpha=1.0, l1=0.6)
    model.update(np.array([1]), np.array([1], np.float32), True)
    assert model.vectors["z"][1] == -0.5
    assert not model.vectors["w"].any(), "|z| is not above λ1"
    model.update(np.array([1]), np.array([1], np.float32), True)
    assert model.vectors["w"][1] > 0, "two such examples are"


def test_a_score_beyond_all_measure_does_not_overflow() -> None:
    model = learner()
    model.vectors["w"][0] = -1e6
    with np.errstate(over="raise"):
        assert model.update(np.array([0]), np.array([1], np.float32), True) == pytest.approx(0, abs=1e-12)
    assert all(np.isfinite(vector).all() for vector in model.vectors.values())
