"""CLCRec: the two contrasts, and what stands for a movie, by hand."""

from __future__ import annotations

import torch
from torch import nn

from recommender.models.side_information.clcrec import CLCRec, CLCRecConfig, CLCRecNetwork
from tests.models.histories import batch_of
from tests.models.planted import Planted


def network(config: CLCRecConfig, n_items: int = 4) -> CLCRecNetwork:
    torch.manual_seed(0)
    made = CLCRecNetwork(n_items, config)
    made.encoder = nn.Sequential(nn.Linear(2, 2, bias=False))
    made.features = torch.randn(n_items, 2)
    made.known = torch.tensor([True] * (n_items - 1) + [False])
    return made


def test_a_person_is_made_from_the_sum_of_what_they_watched() -> None:
    made = network(CLCRecConfig(dim=2))
    with torch.no_grad():
        u = made.u(torch.tensor([[1.0, 0.0, 1.0, 0.0]]), made.z)[0]
        torch.testing.assert_close(u, made.person((made.z[0] + made.z[2]) / 2**0.5))


def test_with_the_second_contrast_alone_each_portrait_is_told_from_the_others() -> None:
    config = CLCRecConfig(dim=2, contrast=0.999999, temperature=0.5, dropout=0.999999)
    made = network(config)
    loss = CLCRec(config).loss(made, batch_of([[0, 1, 2]], 4))  # all are hidden, so all are asked for
    z, g = (nn.functional.normalize(part[:3], dim=1) for part in (made.z, made.encoder(made.features)))
    expected = -(z @ g.T / 0.5).log_softmax(dim=1).diagonal().mean()
    torch.testing.assert_close(loss, expected, atol=1e-4, rtol=1e-4)


def test_with_the_first_alone_features_learn_when_they_are_exchanged_only() -> None:
    for exchanged in (0.0, 1.0):
        config = CLCRecConfig(dim=2, contrast=0.0, exchanged=exchanged, negatives=8)
        made = network(config)
        CLCRec(config).loss(made, batch_of([[0, 1, 2]] * 8, 4)).backward()
        gradient = made.encoder[0].weight.grad
        assert (gradient is not None and bool(gradient.abs().sum() > 0)) is (exchanged == 1.0)


def test_a_movie_that_nobody_rated_is_never_a_negative(planted: Planted) -> None:
    config = CLCRecConfig(dim=2, contrast=0.0, exchanged=0.0, negatives=64)
    made = network(config)
    CLCRec(config).loss(made, batch_of([[0, 1, 2]] * 8, 4)).backward()
    assert made.z.grad is not None
    assert made.z.grad[3].abs().sum() == 0


def test_features_stand_for_a_movie_without_ratings(planted: Planted) -> None:
    model = CLCRec(CLCRecConfig(**{**CLCRec.quick, "epochs": 1})).fit(planted.interactions, planted.catalog)
    torch.testing.assert_close(model.net.v[planted.cold], model.net.g[planted.cold])
    torch.testing.assert_close(model.net.v[planted.rings[0]], model.net.z[planted.rings[0]])
