"""The fused attention is the plain one: values and gradients, on histories of any length, by Triton's interpreter or on a GPU."""

from __future__ import annotations

import os

import pytest
import torch
from torch import Tensor

from recommender.layers.pointwise_attention import pointwise_attention

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
if DEVICE == "cpu":
    os.environ.setdefault("TRITON_INTERPRET", "1")
pytest.importorskip("triton", reason="comes with the CUDA build of torch; pip install triton elsewhere")

from recommender.layers.jagged_attention import BLOCK, jagged_attention  # noqa: E402

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
    offsets = torch.tensor([0, *lengths], device=DEVICE).cumsum(0)
    weight = torch.randn(tokens, heads, d, device=DEVICE)

    expected = plain(q, k, v, lengths, p, t, now, then)
    slopes = torch.autograd.grad((expected * weight).sum(), (q, k, v, p, t))
    got = jagged_attention(q, k, v, offsets, p, t, now, then)
    got_slopes = torch.autograd.grad((got * weight).sum(), (q, k, v, p, t))

    torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-4)
    for mine, theirs in zip(got_slopes, slopes, strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-4, rtol=1e-3)


def test_a_history_does_not_feel_its_neighbours() -> None:
    torch.manual_seed(0)
    q, k, v = (torch.randn(9, 1, 16, device=DEVICE) for _ in range(3))
    p, t, then = torch.randn(9, device=DEVICE), torch.randn(BUCKETS, device=DEVICE), torch.arange(9, device=DEVICE)
    both = jagged_attention(q, k, v, torch.tensor([0, 4, 9], device=DEVICE), p, t, then, then)
    alone = [x[4:] for x in (q, k, v)]
    own = jagged_attention(*alone, torch.tensor([0, 5], device=DEVICE), p, t, then[4:], then[4:])
    torch.testing.assert_close(both[4:], own)
