"""DropoutNet: the latent model, what is dropped and what is asked for, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.models.side_information.dropoutnet import DropoutNet, DropoutNetConfig, DropoutNetNetwork
from tests.models.histories import batch_of
from tests.models.planted import Planted


def network(dropout: float) -> DropoutNetNetwork:
    torch.manual_seed(0)
    made = DropoutNetNetwork(3, DropoutNetConfig(dim=2, hidden=4, dropout=dropout))
    made.V, made.texts = torch.tensor([[1.0, 0.0], [0.5, 2.0], [0.0, 0.0]]), torch.randn(3, 384)
    return made


def test_a_person_is_the_sum_of_latent_vectors_and_the_mean_of_texts() -> None:
    made = network(0.5).eval()
    fed = torch.cat([torch.tensor([1.5, 2.0]), (made.texts[0] + made.texts[1]) / 2])
    with torch.no_grad():
        torch.testing.assert_close(made.people(torch.tensor([[1.0, 1.0, 0.0]]))[0], made.f_U(fed))


def test_whole_latent_vectors_are_dropped_from_the_input_in_training_only() -> None:
    made = network(0.999999)
    assert made._dropped(made.V).abs().sum() == 0
    torch.testing.assert_close(made.eval()._dropped(made.V), made.V)


def test_the_target_keeps_what_the_input_goes_without() -> None:
    model, made = DropoutNet(DropoutNetConfig(dim=2, hidden=4)), network(0.999999)
    for part in (made.f_U, made.f_V):
        torch.nn.init.zeros_(part[-1].weight)
        torch.nn.init.zeros_(part[-1].bias)
    taught = torch.tensor([1.5, 2.0]) @ made.V.T
    loss = model.loss(made, batch_of([[0, 1]], 3))
    torch.testing.assert_close(loss, taught.square().mean())


def test_movies_that_nobody_rated_have_no_latent_vector(planted: Planted) -> None:
    model = DropoutNet(DropoutNetConfig(**{**DropoutNet.quick, "epochs": 1})).fit(planted.interactions, planted.catalog)
    strength = model.net.V.norm(dim=1).numpy()
    assert np.allclose(strength[[*planted.cold, planted.blank]], 0, atol=1e-5)
    assert (strength[planted.rings[0]] > 0.01).all()


def test_movies_that_nobody_rated_teach_nothing() -> None:
    model, made = DropoutNet(DropoutNetConfig(dim=2, hidden=4)), network(0.0)
    made.known = torch.tensor([1.0, 1.0, 0.0])
    with torch.no_grad():
        loss = model.loss(made, batch_of([[0, 1]], 3))
        made.texts[2] *= 100
        torch.testing.assert_close(model.loss(made, batch_of([[0, 1]], 3)), loss)
