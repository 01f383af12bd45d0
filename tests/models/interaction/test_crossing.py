"""What each model of field interactions makes of fields, against the paper's formula written out."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array
from torch import Tensor, nn

from recommender.models.interaction.afm import AFMConfig, AFMNetwork
from recommender.models.interaction.autoint import Interacting
from recommender.models.interaction.dcn import DCNConfig, DCNNetwork
from recommender.models.interaction.dcnv2 import MixedCross
from recommender.models.interaction.din import DINConfig, DINNetwork
from recommender.models.interaction.ffm import FIELDS, FFMConfig, FFMNetwork
from recommender.models.interaction.finalmlp import FinalMLPNetwork
from recommender.models.interaction.fm import FMNetwork
from recommender.models.interaction.nfm import NFMNetwork
from recommender.models.interaction.pnn import PNNNetwork, described
from recommender.models.interaction.widedeep import WideDeepConfig, WideDeepNetwork
from recommender.models.interaction.xdeepfm import CIN, products
from recommender.training.interaction_config import DeepConfig, InteractionConfig
from recommender.training.interaction_network import MOVIE_FIELDS, PERSON_FIELDS, People
from tests.models.histories import batch_of, numbered


@pytest.fixture
def sides() -> tuple[Tensor, Tensor]:
    """One person and one movie, vectors of two."""
    generator = torch.Generator().manual_seed(3)
    return tuple(torch.randn(1, fields, 2, generator=generator) for fields in (PERSON_FIELDS, MOVIE_FIELDS))


def test_fm_is_every_two_fields_vectors_multiplied(sides: tuple[Tensor, Tensor]) -> None:
    fields = torch.cat(sides, dim=1)[0]
    by_hand = sum(v @ w for v, w in combinations(fields, 2))
    torch.testing.assert_close(FMNetwork(3, InteractionConfig(dim=2)).interact(*sides)[0], by_hand)


def test_ffm_lets_each_field_have_a_vector_for_each_other() -> None:
    network = FFMNetwork(3, FFMConfig(dim=2))
    generator = torch.Generator().manual_seed(4)
    person, movie = (torch.randn(1, n, FIELDS * 2, generator=generator) for n in (PERSON_FIELDS, MOVIE_FIELDS))
    v = torch.cat([person, movie], dim=1)[0].view(FIELDS, FIELDS, 2)  # whose, for whom
    by_hand = sum(v[f, g] @ v[g, f] for f, g in combinations(range(FIELDS), 2))
    torch.testing.assert_close(network.interact(person, movie)[0], by_hand)


def test_afm_weighs_pairs_by_one_softmax(sides: tuple[Tensor, Tensor]) -> None:
    network = AFMNetwork(3, AFMConfig(dim=2, attention=3)).eval()
    fields = torch.cat(sides, dim=1)[0]
    with torch.no_grad():
        products = torch.stack([v * w for v, w in combinations(fields, 2)])
        attention = (network.W(products).relu() @ network.h.weight[0]).softmax(dim=0)
        by_hand = network.p.weight[0] @ (attention[:, None] * products).sum(dim=0)
        torch.testing.assert_close(network.interact(*sides)[0], by_hand)


def test_afm_begins_as_fm_where_it_listens_to_all_alike(sides: tuple[Tensor, Tensor]) -> None:
    network = AFMNetwork(3, AFMConfig(dim=2)).eval()
    with torch.no_grad():
        network.h.weight.zero_()
        torch.testing.assert_close(network.interact(*sides), FMNetwork(3, InteractionConfig(dim=2)).interact(*sides))


def test_nfm_pools_pairs_before_its_tower(sides: tuple[Tensor, Tensor]) -> None:
    network = NFMNetwork(3, DeepConfig(dim=2, tower=4)).eval()
    pooled = sum(v * w for v, w in combinations(torch.cat(sides, dim=1)[0], 2))
    with torch.no_grad():
        torch.testing.assert_close(network.interact(*sides)[0], network.tower(network.pooled(pooled[None]))[0])


def test_dcn_in_closed_form_is_its_layers_one_by_one(sides: tuple[Tensor, Tensor]) -> None:
    network = DCNNetwork(3, DCNConfig(dim=2, crosses=3, tower=4)).eval()
    x_0 = x = torch.cat([side.flatten(1) for side in sides], dim=1)[0].double()
    with torch.no_grad():
        network.b.normal_()
        for w, b in zip(network.w[:-1].double(), network.b.double(), strict=True):
            x = x_0 * (x @ w) + b + x
        by_hand = x @ network.w[-1].double() + network.tower(*(side.flatten(1) for side in sides))[0]
        torch.testing.assert_close(network.interact(*sides)[0].double(), by_hand, rtol=1e-4, atol=1e-4)


def test_dcnv2_mixes_its_experts_by_a_gate() -> None:
    cross = numbered(MixedCross(4, experts=2, rank=3))
    assert isinstance(cross, MixedCross)
    x_0, x = torch.tensor([1.0, -1.0, 0.5, 2.0]), torch.tensor([0.3, 0.2, -0.4, 0.1])
    with torch.no_grad():
        gates = (cross.gate.weight @ x).softmax(dim=0)
        mixed = torch.zeros(4)
        for i in range(2):
            small = (cross.C[i].T @ (cross.V[:, i].T @ x).tanh()).tanh()
            mixed += gates[i] * (cross.U[i].T @ small + cross.b)
        torch.testing.assert_close(cross(x_0[None], x[None])[0], x_0 * mixed + x)


def test_pnn_reads_fields_and_their_products(sides: tuple[Tensor, Tensor]) -> None:
    person = sides[0]
    found = described(person)[0]
    assert found[: 2 * PERSON_FIELDS].tolist() == person[0].flatten().tolist()
    by_hand = [float(v @ w) for v in person[0] for w in person[0]]
    np.testing.assert_allclose(found[2 * PERSON_FIELDS :].tolist(), by_hand, rtol=1e-5)


def test_pnn_hears_what_lies_across(sides: tuple[Tensor, Tensor]) -> None:
    torch.manual_seed(0)
    network = PNNNetwork(3, DeepConfig(dim=2, tower=64)).eval()
    with torch.no_grad():
        before = network.interact(*sides)
        network.across.weight.add_(1)
        assert not torch.allclose(before, network.interact(*sides))


def test_autoint_lets_fields_look_at_one_another() -> None:
    block = numbered(Interacting(2, heads=1, head=2))
    assert isinstance(block, Interacting)
    e = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    with torch.no_grad():
        q, k, v = (e @ part.T for part in block.qkv.weight.split(2))
        by_hand = nn.functional.relu((q @ k.T).softmax(dim=1) @ v + e @ block.res.weight.T)
        torch.testing.assert_close(block(e[None])[0], by_hand)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_cin_multiplies_vectors_field_by_field(depth: int) -> None:
    cin = numbered(CIN(3, maps=2, depth=depth))
    assert isinstance(cin, CIN)
    x_0 = torch.tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 0.0]])
    with torch.no_grad():
        x, layers = x_0, []
        for W in cin.W:
            x = torch.stack([sum(w[i, j] * x[i] * x_0[j] for i in range(len(x)) for j in range(3)) for w in W])
            layers.append(x)
        torch.testing.assert_close(products(cin.W[0], x_0[None], x_0[None])[0], layers[0])
        by_hand = cin.read.weight[0] @ torch.cat([layer.sum(dim=1) for layer in layers])
        torch.testing.assert_close(cin(x_0[None])[0], by_hand)


def test_finalmlp_looks_through_two_gates(sides: tuple[Tensor, Tensor]) -> None:
    network = FinalMLPNetwork(3, DeepConfig(dim=2, tower=4, layers=1)).eval()
    p, m = (side.flatten() for side in sides)
    x = torch.cat([p, m])
    with torch.no_grad():
        one = network.by_person.first(2 * network.by_person.gate(p).sigmoid() * x).relu()
        other = network.by_movie.first(2 * network.by_movie.gate(m).sigmoid() * x).relu()
        by_hand = network.first(one)[0] + network.second(other)[0] + one @ network.W @ other
        torch.testing.assert_close(network.interact(*sides)[0], by_hand)


def test_wide_crosses_are_summed_over_what_was_watched() -> None:
    network = WideDeepNetwork(4, WideDeepConfig(dim=2, famous=2)).eval()
    network.table.describe([csr_array((4, 0), dtype=np.float32)] * network.table.n_features, std=0.1)
    x = np.array([[1, 0], [1, 1], [0, 1], [0, 0]], np.float32)
    network.describe(x, np.array([5, 0, 9, 1]))
    assert network.rank.tolist() == [1, 2, 0, 2], "movie 2 is the most rated, then movie 0; 2 stands for all others"
    batch = batch_of([[0, 2, 1]], 4)
    read = torch.tensor([[True, True, False]])
    with torch.no_grad():
        network.crosses.copy_(torch.tensor([[1.0, 10.0], [100.0, 1000.0]]))
        network.famous.copy_(torch.tensor([[1.0, 2.0, 99.0], [3.0, 4.0, 99.0], [99.0, 99.0, 99.0]]))
        by_value, by_movie = network.crossed(People(torch.zeros(1, PERSON_FIELDS, 2), batch, read))
    root = 2**0.5
    np.testing.assert_allclose(by_value[0], [101 / root, 1010 / root], rtol=1e-5)
    np.testing.assert_allclose(by_movie[0], [(1 + 3) / root, (2 + 4) / root, 0], rtol=1e-5)


def test_din_weighs_what_was_watched_by_what_is_offered() -> None:
    torch.manual_seed(2)
    network = DINNetwork(4, DINConfig(dim=1, attention=3, watched=2)).eval()
    batch = batch_of([[0, 1, 2, 3]], 4)
    read = torch.tensor([[True, True, True, False]])
    offered = torch.randn(4, 2)
    with torch.no_grad():
        h, filled = network.watched(People(torch.zeros(1, PERSON_FIELDS, 1), batch, read), offered)
        assert filled.tolist() == [[True, True]]
        assert {tuple(row) for row in h[0].tolist()} == {tuple(row) for row in offered[[1, 2]].tolist()}, (
            "the last two that are read"
        )
        c = offered[3]
        W, b = network.of_watched.weight.T, network.of_watched.bias
        by_hand = torch.zeros(2)
        for watched in offered[[1, 2]]:
            unit = watched @ W + b + c @ network.of_offered.weight.T + (watched * c) @ network.of_both
            by_hand += network.weight(network.bend(unit))[0] * watched
        torch.testing.assert_close(network.interest(h[0], filled[0], c[None])[0], by_hand)
