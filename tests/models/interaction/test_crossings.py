"""What crosses with what, against the plain algebra."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from recommender.data import Histories
from recommender.models import registry
from recommender.models.abilities import Crosses
from recommender.models.base import Recommender
from recommender.models.interaction.autoint import AutoInt, AutoIntConfig, AutoIntNetwork
from recommender.models.interaction.dcnv2 import DCNV2, DCNV2Config, DCNV2Network
from recommender.training.crossing import MOVIE_NAMES, PERSON_NAMES
from recommender.training.interaction_network import MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork
from tests.models.histories import numbered
from tests.models.planted import Planted, history

Models = Callable[[str], Recommender]
CROSSING = [name for name in registry.names() if hasattr(registry.model_class(name), "crossings")]
FIELDS = PERSON_FIELDS + MOVIE_FIELDS


def test_four_models_tell() -> None:
    assert {"fm", "ffm", "autoint", "dcnv2"} <= set(CROSSING)
    assert (len(PERSON_NAMES), len(MOVIE_NAMES)) == (PERSON_FIELDS, MOVIE_FIELDS)


@pytest.mark.parametrize("slug", CROSSING)
def test_one_alone_is_told_the_same_as_in_a_batch_and_nobody_gets_zeros(
    slug: str, fitted: Models, planted: Planted
) -> None:
    model = fitted(slug)
    assert isinstance(model, Crosses)
    one, other = history(planted.rings[0][:4]), history(planted.rings[1][:2])
    item = int(planted.rings[0][5])
    found = model.crossings(Histories.of([one, history([]), other]), item)
    assert found.shape == (3, FIELDS, FIELDS)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert not found[1].any()
    assert found[0].any()
    assert not np.allclose(found[0], found[2])
    np.testing.assert_allclose(found[2], model.crossings(Histories.of([other]), item)[0], rtol=1e-4, atol=1e-6)
    assert model.crossing.endswith(".")
    assert model.signed or (found >= 0).all()


@pytest.mark.parametrize("slug", ["fm", "ffm"])
def test_pairs_and_first_order_add_up_to_the_score(slug: str, fitted: Models, planted: Planted) -> None:
    """ŷ = w_0 + Σ w_f + Σ_(f<g) crossing_(f,g), exactly."""
    model = fitted(slug)
    assert isinstance(model, Crosses)
    watched, item = planted.rings[0][:4], int(planted.rings[0][5])
    person = Histories.of([history(watched)])
    crossings = model.crossings(person, item)[0]
    np.testing.assert_allclose(crossings, crossings.T, atol=1e-6)
    assert not crossings.diagonal().any()
    network = model.net  # type: ignore[attr-defined]
    with torch.no_grad():
        movies = network.movies[..., -1].numpy()
        activity = network.table.activity.weight[int(np.log2(1 + len(watched))), -1].item()
        alone = network.bias.item() + movies[watched].mean(axis=0).sum() + activity + movies[item].sum()
    pairs = crossings[np.triu_indices(FIELDS, 1)].sum()
    assert pairs + alone == pytest.approx(model.score(person)[0, item], abs=1e-4)


def told(network: InteractionNetwork) -> nn.Module:
    """A network of one value, with weights large enough that every part of it has a say."""
    network.table.E.materialize((1, network.table.width))
    return numbered(network)


def sides(dim: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    person, movie = (torch.randn(1, n, dim, generator=generator) for n in (PERSON_FIELDS, MOVIE_FIELDS))
    return person, movie


def test_autoint_looks_by_softmax_of_products() -> None:
    config = AutoIntConfig(dim=3, heads=1, head=2, blocks=1)
    network = told(AutoIntNetwork(4, config))
    person, movie = sides(3)
    e = torch.cat([person, movie], dim=1)[0]
    with torch.no_grad():
        Q, K, _ = network.blocks[0].qkv.weight.chunk(3)
        by_hand = ((e @ Q.T) @ (e @ K.T).T).softmax(dim=1)
        found = AutoInt(config).meetings(network, person, movie)[0]
    torch.testing.assert_close(found, by_hand)
    torch.testing.assert_close(found.sum(dim=1), torch.ones(FIELDS))


def test_autoint_takes_the_mean_over_layers() -> None:
    config = AutoIntConfig(dim=3, heads=2, head=2, blocks=2)
    network = told(AutoIntNetwork(4, config))
    person, movie = sides(3)
    e = torch.cat([person, movie], dim=1)
    with torch.no_grad():
        first, _ = network.blocks[0].looks(e)
        second, _ = network.blocks[1].looks(network.blocks[0](e))
        by_hand = torch.cat([first, second], dim=1)[0].mean(dim=0)
        torch.testing.assert_close(AutoInt(config).meetings(network, person, movie)[0], by_hand)


def test_dcnv2_pairs_add_up_to_what_the_first_layer_adds() -> None:
    """Σ_fg = read · (x_1 - x_0 - b ⊙ x_0)."""
    config = DCNV2Config(dim=2, rank=3, experts=2)
    network = told(DCNV2Network(4, config))
    person, movie = sides(2)
    x = torch.cat([person, movie], dim=1).flatten(1)
    with torch.no_grad():
        cross = network.crosses[0]
        added = network.read(cross(x, x) - x - cross.b * x)[0, 0]
        found = DCNV2(config).meetings(network, person, movie)[0]
    torch.testing.assert_close(found.sum(), added)
    f = 4
    with torch.no_grad():
        of_f = ((cross(x, x) - x - cross.b * x)[0] * network.read.weight[0])[f * 2 : f * 2 + 2].sum()
    torch.testing.assert_close(found[f].sum(), of_f)
