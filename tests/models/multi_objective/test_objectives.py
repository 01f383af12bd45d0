"""Several objectives: gates, storeys and chains by hand, what counts as what, and probabilities that make sense."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from recommender.layers.experts import mixed
from recommender.models import registry
from recommender.models.abilities import Weighs
from recommender.models.base import Recommender
from recommender.models.multi_objective.esmm import ESMMNetwork
from recommender.models.multi_objective.mmoe import MMOEConfig, MMOENetwork
from recommender.models.multi_objective.ple import PLEConfig, PLENetwork
from recommender.training.batch import Batch
from recommender.training.objectives import (
    LIKE,
    LOVE,
    OBJECTIVES,
    SOON,
    SOON_SECONDS,
    WATCH,
    ObjectivesConfig,
    ObjectivesRecommender,
    soon,
)
from tests.models.planted import Planted

FAMILY = [slug for slug in registry.names() if registry.model_class(slug).card.family == "multi_objective"]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_a_gate_mixes_by_its_softmax() -> None:
    experts = torch.tensor([[[1.0, 0.0], [1.0, 0.0]], [[0.0, 4.0], [0.0, 4.0]]])
    gate = torch.tensor([[0.0, 0.0], [math.log(3.0), 0.0]])
    torch.testing.assert_close(mixed(experts, gate), torch.tensor([[0.5, 2.0], [0.75, 1.0]]))


def test_mmoe_believes_the_expert_that_the_gate_names() -> None:
    """Two experts of one number; each objective's gate is so sure that its tower reads one of them alone."""
    network = MMOENetwork(3, MMOEConfig(experts=2, hidden=1))
    seen: list[Tensor] = []
    network.towers.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    gates = [50.0, 0.0, 0.0, 50.0, 50.0, 0.0, 0.0, 50.0]
    network.eval().heads(torch.tensor([[2.0, -3.0, *gates]]))
    torch.testing.assert_close(seen[0][:, 0, 0], torch.tensor([2.0, 0.0, 2.0, 0.0]))  # ReLU(-3) = 0


def test_ple_keeps_other_objectives_experts_out() -> None:
    """What a gate chooses from is its objective's own expert and the shared one: nothing of another objective's reaches it."""
    network = PLENetwork(3, PLEConfig(own=1, shared=1, hidden=2))
    experts = torch.arange(10.0).view(5, 1, 2)  # watch, like, love, soon, shared
    even = network.chosen(experts, torch.zeros(4, 1, 2))[:, 0]
    expected = [[(2 * task + 8) / 2, (2 * task + 1 + 9) / 2] for task in range(4)]
    torch.testing.assert_close(even, torch.tensor(expected))


def test_esmm_multiplies_along_the_chain() -> None:
    network = ESMMNetwork(3, ObjectivesConfig())
    a, b, c, d = 0.3, -0.2, 1.0, 0.5
    found = network.together(torch.tensor([[a, b, c, d]])).exp()[0].tolist()
    watch = sigmoid(a)
    expected = [watch, watch * sigmoid(b), watch * sigmoid(b) * sigmoid(c), watch * sigmoid(d)]
    assert found == pytest.approx(expected)


def test_esmm_learns_liking_from_what_was_not_watched() -> None:
    """The loss is over everything offered: a movie that was passed over pulls at the tower of liking, too."""
    network = ESMMNetwork(3, ObjectivesConfig())
    logits = torch.zeros(1, len(OBJECTIVES), requires_grad=True)
    loss = network.objective_loss(logits, torch.zeros(1, len(OBJECTIVES)))
    expected = -(math.log(0.5) + math.log(0.75) + math.log(0.875) + math.log(0.75))
    assert loss.item() == pytest.approx(expected, rel=1e-5)
    loss.backward()
    assert logits.grad is not None
    assert logits.grad[0, LIKE] > 0


def test_the_others_learn_it_from_what_was_watched_alone(
    planted: Planted, fitted: Callable[[str], Recommender]
) -> None:
    model = fitted("mmoe")
    network = model.net  # type: ignore[attr-defined]
    logits = torch.zeros(2, len(OBJECTIVES), requires_grad=True)
    yes = torch.tensor([[1.0, 1.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    loss = network.objective_loss(logits, yes)
    assert loss.item() == pytest.approx(4 * math.log(2), rel=1e-5)
    loss.backward()
    assert logits.grad is not None
    assert logits.grad[1, LIKE:].abs().sum() == 0
    assert logits.grad[1, WATCH] > 0


def test_soon_is_within_an_hour_and_never_after_the_last() -> None:
    at = torch.tensor([[0, SOON_SECONDS, 2 * SOON_SECONDS + 1], [0, 10, 0]])
    batch = Batch(torch.zeros(2, 3, dtype=torch.long), torch.ones(2, 3), at, torch.tensor([3, 2]))
    assert soon(batch).tolist() == [[True, False, False], [True, False, False]]


def test_labels_are_what_happened(planted: Planted, fitted: Callable[[str], Recommender]) -> None:
    model = fitted("sharedbottom")
    assert isinstance(model, ObjectivesRecommender)
    n = len(planted.catalog)
    batch = Batch(
        torch.tensor([[0, 1, 2]]),
        torch.tensor([[3.0, 4.0, 5.0]]),
        torch.tensor([[0, 60, 9_999_999]]),
        torch.tensor([3]),
    )
    _, which, yes = model.labelled(batch, batch.mask, n)
    rows = {int(item): row.tolist() for item, row in zip(which[:3], yes[:3], strict=True)}
    assert rows == {0: [1, 0, 0, 1], 1: [1, 1, 0, 0], 2: [1, 1, 1, 0]}
    assert yes[3:].sum() == 0, "what was drawn was not watched"
    assert not set(which[3:].tolist()) & {0, 1, 2}


@pytest.mark.parametrize("slug", FAMILY)
def test_every_model_judges(slug: str, fitted: Callable[[str], Recommender], planted: Planted) -> None:
    model = fitted(slug)
    assert isinstance(model, Weighs)
    histories = planted.histories()
    judged = model.judge(histories)
    assert judged.shape == (len(model.objectives), len(histories), len(planted.catalog))
    assert np.isfinite(judged).all()
    assert ((judged >= 0) & (judged <= 1)).all()
    assert (judged[LIKE] <= judged[WATCH] + 1e-6).all(), "nobody likes what they do not watch"
    assert (judged[SOON] <= judged[WATCH] + 1e-6).all()
    if slug == "esmm":
        assert (judged[LOVE] <= judged[LIKE] + 1e-6).all()


@pytest.mark.parametrize("slug", FAMILY)
def test_the_list_weighs_watching_and_liking(slug: str, fitted: Callable[[str], Recommender], planted: Planted) -> None:
    model = fitted(slug)
    assert isinstance(model, ObjectivesRecommender)
    histories, known = planted.histories(), model.known
    watch, like = model.judge(histories)[[WATCH, LIKE]][:, :, known]
    likely = like > 1e-12
    expected = np.log(watch[likely]) + model.config.like_weight * np.log(like[likely] / watch[likely])
    np.testing.assert_allclose(model.score(histories)[:, known][likely], expected, rtol=1e-3, atol=1e-3)
