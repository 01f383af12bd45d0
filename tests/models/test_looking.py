"""What models with attention looked at: rules for every one of them, and the weights of each kind by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from recommender.data import Histories
from recommender.layers.session_graph import session_graph
from recommender.layers.watching import watched
from recommender.models import registry
from recommender.models.abilities import LooksBack
from recommender.models.base import Recommender
from recommender.models.generative.hstu import HSTU
from recommender.models.sequential.bert4rec import BERT4Rec
from recommender.models.sequential.gcsan import GCSAN, GCSANConfig
from recommender.models.sequential.narm import NARM, NARMConfig, NARMNetwork
from recommender.models.sequential.srgnn import SRGNN, SRGNNConfig, SRGNNNetwork
from recommender.training.batch import Batch
from tests.models.histories import batch_of, numbered
from tests.models.planted import Planted, history

Models = Callable[[str], Recommender]
LOOKING = [name for name in registry.names() if hasattr(registry.model_class(name), "looked_at")]


def test_every_block_of_attention_among_the_sequence_models_looks_back() -> None:
    assert {"sasrec", "bert4rec", "tisasrec", "gcsan", "narm", "srgnn", "hstu", "tiger"} <= set(LOOKING)
    assert not {"gru4rec", "ease", "popularity"} & set(LOOKING)


@pytest.mark.parametrize("slug", LOOKING)
def test_each_rating_has_its_weight_and_what_is_not_read_has_none(slug: str, fitted: Models, planted: Planted) -> None:
    model = fitted(slug)
    assert isinstance(model, LooksBack)
    one, other = planted.rings[0][:5], planted.rings[1][:3]
    disliked, unknown = planted.rings[1][4], planted.blank
    stars = [4.0, 1.0, 5.0, 3.0, 4.5, 4.0, 4.0]
    mixed = history([one[0], disliked, one[1], one[2], one[3], unknown, one[4]], stars)
    weights = model.looked_at(Histories.of([mixed, history([]), history(other)]))
    assert weights.dtype == np.float32
    assert weights.shape == (10,)
    assert np.isfinite(weights).all()
    read = np.array([True, False, True, True, True, False, True])
    assert (weights[:7][~read] == 0).all()
    assert (weights[:7][read] != 0).all()
    np.testing.assert_allclose(weights[:7], model.looked_at(Histories.of([mixed])), rtol=1e-4, atol=1e-6)
    if model.looks_share:
        assert weights[:7].sum() == pytest.approx(1, abs=1e-5)
        assert weights[7:].sum() == pytest.approx(1, abs=1e-5)
        assert (weights >= 0).all()
    assert model.looks.endswith(".")


@pytest.mark.parametrize("slug", LOOKING)
def test_what_lies_further_back_than_it_reaches_has_none(slug: str, fitted: Models, planted: Planted) -> None:
    model = fitted(slug)
    assert isinstance(model, LooksBack)
    reach = model.config.max_length
    weights = model.looked_at(Histories.of([history((planted.rings[0] * reach)[: reach + 3])]))
    assert (weights[:3] == 0).all()
    assert (weights[3:] != 0).all()


def seen_by(network: torch.nn.Module, people: list[list[int]]) -> tuple[list[torch.Tensor], Batch]:
    """What a network's layers offer for some people."""
    batch = batch_of(people, 9)
    with torch.no_grad(), watched() as seen:
        network(batch)
    return seen, batch


def test_narm_looks_by_its_own_alpha() -> None:
    """α_tj = v · σ(A_1 h_t + A_2 h_j), at the last rating t."""
    network = numbered(NARMNetwork(9, NARMConfig(dim=3)))
    seen, batch = seen_by(network, [[1, 4, 2]])
    with torch.no_grad():
        h = network.gru(network.items(batch.items))[0][0]
        A_1, A_2, v = network.A_1.weight, network.A_2.weight, network.v.weight[0]
        alpha = torch.stack([v @ torch.sigmoid(A_1 @ h[2] + A_2 @ h[j]) for j in range(3)])
    torch.testing.assert_close(NARM(NARMConfig(dim=3)).gaze(seen, batch), alpha)


def test_srgnn_looks_by_its_soft_attention() -> None:
    """α_j = q · σ(W_1 v_n + W_2 v_j + c), against the last node; a movie that comes back has one node and so one weight."""
    network = numbered(SRGNNNetwork(9, SRGNNConfig(dim=3)))
    seen, batch = seen_by(network, [[1, 4, 1, 2]])
    with torch.no_grad():
        node, outgoing, incoming = session_graph(batch.items, batch.mask)
        v = network.graph(network.items(batch.items), outgoing, incoming)[0][node[0]]
        q, W_1, W_2, c = network.q.weight[0], network.W_1.weight, network.W_2.weight, network.W_2.bias
        alpha = torch.stack([q @ torch.sigmoid(W_1 @ v[3] + W_2 @ v[j] + c) for j in range(4)])
    found = SRGNN(SRGNNConfig(dim=3)).gaze(seen, batch)
    torch.testing.assert_close(found, alpha)
    assert found[0] == found[2]


def test_the_chain_in_an_answer_is_said_to_be_left_out() -> None:
    with_chain, without = (NARM(NARMConfig(chain=chain)).looks for chain in (0.3, 0))
    assert (
        with_chain
        == f"{without} The first-order chain, 30% of the answer, goes by the last rating alone and is not counted in."
    )
    assert without == NARM.weights_are


ROWS = torch.tensor([[[[1.0, 0.0], [0.5, 0.5]]]])


def test_gcsan_adds_the_last_movies_direct_share() -> None:
    """The rollout is (1/4, 3/4); ω = 0.6 of it, and 0.4 on the last."""
    found = GCSAN(GCSANConfig(omega=0.6)).gaze([ROWS], batch_of([[1, 2]], 9))
    assert found.tolist() == pytest.approx([0.15, 0.85])


def test_bert4rec_leaves_out_what_the_blank_saw_of_itself() -> None:
    """The blank sees 1/5, 2/5 and itself 2/5; with the residual 1/10, 2/10, 7/10; shared out among the ratings 1/3, 2/3."""
    rows = torch.tensor([[[[1.0, 0, 0], [0, 1, 0], [0.2, 0.4, 0.4]]]])
    found = BERT4Rec().gaze([rows], batch_of([[1, 2]], 9))
    assert found.tolist() == pytest.approx([1 / 3, 2 / 3])


def test_hstu_adds_up_a_movie_and_its_stars_in_the_last_block() -> None:
    """Two heads, two ratings of two tokens; the last row's means are 2, 3 | 4, -5."""
    rows = torch.zeros(1, 2, 4, 4)
    rows[0, :, 3] = torch.tensor([[1.0, 3, 8, -4], [3.0, 3, 0, -6]])
    found = HSTU().gaze([torch.full((1, 2, 4, 4), 9.0), rows], batch_of([[1, 2]], 9))
    assert found.tolist() == [5, -1]
