"""Sums over features, by hand."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import torch

from recommender.layers.feature_sum import FeatureSum

FEATURES = sp.csr_array(np.array([[1, 1, 0], [0, 0, 0], [0, 1, 0]], np.float32))
KNOWN = np.array([True, True, False])


def described(anonymity: float = 0.0) -> FeatureSum:
    layer = FeatureSum(3, 2, anonymity)
    layer.describe(FEATURES, KNOWN)
    return layer


def test_own_vector_and_those_of_the_features() -> None:
    layer = described().eval()
    own, E = layer.own.detach(), layer.E.detach()
    by_hand = torch.stack([own[0] + (E[0] + E[1]) / 2**0.5, own[1], E[1]])
    torch.testing.assert_close(layer().detach(), by_hand)


def test_in_training_a_movie_may_go_without_its_name() -> None:
    layer = described(anonymity=1.0)
    E = layer.E.detach()
    torch.testing.assert_close(layer().detach(), torch.stack([(E[0] + E[1]) / 2**0.5, torch.zeros(2), E[1]]))


def test_features_are_found_again_when_it_is_loaded() -> None:
    layer = described().eval()
    with torch.device("meta"):
        other = FeatureSum(3, 2, 0.0)
    for name, _ in list(other.named_buffers()):
        setattr(other, name, layer.state_dict()[name])
    other.load_state_dict(layer.state_dict(), assign=True)
    torch.testing.assert_close(other.eval()(), layer())


def test_a_catalogue_without_features() -> None:
    layer = FeatureSum(2, 2, 0.0)
    layer.describe(sp.csr_array((2, 0), dtype=np.float32), np.array([True, False]))
    torch.testing.assert_close(layer().detach(), torch.stack([layer.own.detach()[0], torch.zeros(2)]))
