"""The fused attention is the plain one: values and gradients, on histories of any length, by Triton's interpreter or on a GPU."""

from __future__ import annotations

import os
from itertools import accumulate

import pytest
import torch
from torch import Tensor

from recommender.layers.pointwise_attention import pointwise_attention

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
if DEVICE == "cpu":
    os.environ.setdefault("TRITON_INTERPRET", "1")
pytest.importorskip("triton", reason="there is no Triton for this platform")

from recommender.layers import relative_attention  # noqa: E402
from recommender.layers.jagged_attention import BLOCK, jagged_attention  # noqa: E402
from recommender.models.generative.hstu import HSTUConfig, HSTUNetwork  # noqa: E402
from recommender.training.batch import NOTHING, Batch  # noqa: E402

BUCKETS = 64


def plain(
    q: Tensor, k: Tensor, v: Tensor, lengths: list[int], p: Tensor, t: Tensor, now: Tensor, then: Tensor
) -> Tensor:
    """One history after the other, by the plain form."""
    outs = []
    for q_, k_, v_, now_, then_ in zip(*(x.split(lengths) for x in (q, k, v, now, then)), strict=True):
        place = torch.arange(len(q_), device=q.device)
        distance = (place[:, None] - place).clamp(min=0)
        seconds = (now_[:, None] - then_).clamp(min=1)
        bias = p[distance] + t[(seconds.float().log() / 0.301).long().clamp(max=BUCKETS - 1)]
        heads_first = (x.transpose(0, 1)[None] for x in (q_, k_, v_))
        outs.append(pointwise_attention(*heads_first, bias)[0].transpose(0, 1))
    return torch.cat(outs)


@pytest.mark.parametrize("lengths", [[1], [BLOCK], [BLOCK + 1, 3], [5, 2 * BLOCK + 7, 1, BLOCK - 1]])
@pytest.mark.parametrize("heads", [1, 2])
def test_fused_is_plain(lengths: list[int], heads: int) -> None:
    torch.manual_seed(len(lengths) + heads)
    tokens, d = sum(lengths), 16
    q, k, v = (torch.randn(tokens, heads, d, device=DEVICE, requires_grad=True) for _ in range(3))
    p, t = (torch.randn(n, device=DEVICE, requires_grad=True) for n in (max(lengths), BUCKETS))
    then = torch.cat([torch.randint(0, 10**7, (n,)).sort().values for n in lengths]).to(DEVICE)
    now = then + torch.randint(0, 1_000, (tokens,), device=DEVICE)
    begins, sizes = (torch.tensor(each, device=DEVICE) for each in ([0, *accumulate(lengths)][:-1], lengths))
    weight = torch.randn(tokens, heads, d, device=DEVICE)

    expected = plain(q, k, v, lengths, p, t, now, then)
    slopes = torch.autograd.grad((expected * weight).sum(), (q, k, v, p, t))
    got = jagged_attention(q, k, v, begins, sizes, max(lengths), p, t, now, then)
    got_slopes = torch.autograd.grad((got * weight).sum(), (q, k, v, p, t))

    torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-4)
    for mine, theirs in zip(got_slopes, slopes, strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-4, rtol=1e-3)


def test_a_history_does_not_feel_its_neighbours() -> None:
    torch.manual_seed(0)
    q, k, v = (torch.randn(9, 1, 16, device=DEVICE) for _ in range(3))
    p, t, then = torch.randn(9, device=DEVICE), torch.randn(BUCKETS, device=DEVICE), torch.arange(9, device=DEVICE)
    begins, lengths = torch.tensor([0, 4], device=DEVICE), torch.tensor([4, 5], device=DEVICE)
    both = jagged_attention(q, k, v, begins, lengths, 9, p, t, then, then)
    alone = [x[4:] for x in (q, k, v)]
    own = jagged_attention(*alone, begins[:1], lengths[1:], 5, p, t, then[4:], then[4:])
    torch.testing.assert_close(both[4:], own)


@pytest.mark.parametrize("target_time", [False, True])
def test_the_whole_network_is_the_same_in_both_forms(target_time: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """On histories filled up to different lengths: states where a rating is, and the gradients of every weight."""
    torch.manual_seed(0)
    world = HSTUConfig(dim=32, heads=2, max_length=24, dropout=0.0, target_time=target_time)
    network = HSTUNetwork(9, world).to(DEVICE)
    for block in network.blocks:
        torch.nn.init.normal_(block.rab.p, std=0.1)
        torch.nn.init.normal_(block.rab.t, std=0.1)
    lengths = torch.tensor([3, 20, 24, 1])
    inside = torch.arange(24) < lengths[:, None]
    batch = Batch(
        items=torch.randint(0, 9, (4, 24)).masked_fill(~inside, 9),
        ratings=(torch.randint(1, 11, (4, 24)) / 2).masked_fill(~inside, 0),
        timestamps=torch.randint(0, 10**8, (4, 24)).sort().values.masked_fill(~inside, 0),
        lengths=lengths,
        targets=torch.randint(0, 9, (4, 24)).masked_fill(~inside, NOTHING),
        target_timestamps=(10**8 + torch.randint(0, 10**8, (4, 24))).masked_fill(~inside, 0),
    ).to(torch.device(DEVICE))

    def outcome(form: bool) -> tuple[Tensor, dict[str, Tensor]]:
        monkeypatch.setattr(relative_attention, "fused", lambda _: form)
        network.zero_grad()
        states = network(batch)[batch.mask]
        (states * torch.arange(32, device=DEVICE)).sum().backward()
        return states.detach(), {name: x.grad.clone() for name, x in network.named_parameters() if x.grad is not None}

    expected, slopes = outcome(False)
    got, got_slopes = outcome(True)
    torch.testing.assert_close(got, expected, atol=1e-4, rtol=1e-4)
    assert got_slopes.keys() == slopes.keys()
    assert any("rab" in name for name in slopes)
    for name, slope in slopes.items():
        torch.testing.assert_close(got_slopes[name], slope, atol=2e-3, rtol=2e-3, msg=name)


def test_in_half_precision_the_fused_form_is_the_plain_one() -> None:
    """As under autocast on a GPU: queries, keys and values in sixteen bits, biases in float32. The interpreter knows no bfloat16."""
    half = torch.bfloat16 if DEVICE == "cuda" else torch.float16
    torch.manual_seed(0)
    q, k, v = (torch.randn(1, 70, 2, 16, device=DEVICE) for _ in range(3))
    rab = relative_attention.RelativeBias(70).to(DEVICE)
    seconds = torch.randint(0, 10**8, (1, 35), device=DEVICE).sort().values
    times = relative_attention.Times(seconds, seconds, torch.tensor([35], device=DEVICE))
    exact = pointwise_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), rab(times)).transpose(1, 2)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relative_attention, "fused", lambda _: True)
        got = relative_attention.relative_attention(q.to(half), k.to(half), v.to(half), rab, times)
    assert got.dtype == half
    torch.testing.assert_close(got.float(), exact, atol=0.03, rtol=0.03)


@pytest.mark.parametrize("d_head", [16, 24, 64])
def test_the_plain_form_is_taken_where_the_fused_one_cannot_be(d_head: int) -> None:
    q = torch.empty(1, 1, 1, d_head, device=DEVICE)
    assert relative_attention.fused(q) == (DEVICE == "cuda" and d_head != 24)
