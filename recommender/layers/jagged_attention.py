"""HSTU's attention, fused: for histories laid end to end, without filling, and without ever holding a `[length, length]`.

The plain form is `pointwise_attention`; tests hold the two equal, values and gradients. Needs Triton; without a GPU its
interpreter runs the same kernels slowly (TRITON_INTERPRET=1 before the import).
"""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

BLOCK = 32
"""Tokens per tile, in both directions."""


def jagged_attention(
    q: Tensor, k: Tensor, v: Tensor, offsets: Tensor, p: Tensor, t: Tensor, now: Tensor, seconds: Tensor
) -> Tensor:
    """O_i = 1/i Σ_{j ≤ i} SiLU(q_i·k_j + p_{i-j} + t_{bucket(now_i - seconds_j)}) v_j within each history, `[tokens, heads, d_head]`.

    `q`, `k`, `v` `[tokens, heads, d_head]`, d_head a power of 2 from 16; `offsets` int64 `[people + 1]`; `p` `[longest]` and `t`
    `[buckets]`, the relative biases; `now` and `seconds` int64 `[tokens]`, Unix seconds. bucket(x) = ln(max(x, 1)) / 0.301.
    """
    out: Tensor = _JaggedAttention.apply(q, k, v, offsets, p, t, now, seconds)  # type: ignore[no-untyped-call]
    return out


class _JaggedAttention(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *inputs: Tensor) -> Tensor:
        q, k, v, offsets, p, t, now, seconds = (each.contiguous() for each in inputs)
        out = torch.empty_like(v)
        grid = _grid(offsets, q.shape[1])
        _forward[grid](q, k, v, out, offsets, p, t, now, seconds, q.shape[1], len(t), q.shape[2], BLOCK)
        ctx.save_for_backward(q, k, v, offsets, p, t, now, seconds)
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, offsets, p, t, now, seconds = ctx.saved_tensors
        d_out = grads[0].contiguous()
        d_q, d_k, d_v = torch.empty_like(q), torch.empty_like(k), torch.empty_like(v)
        d_p, d_t = torch.zeros_like(p, dtype=torch.float32), torch.zeros_like(t, dtype=torch.float32)
        sizes = (q.shape[1], len(t), q.shape[2], BLOCK)
        grid = _grid(offsets, q.shape[1])
        _backward_queries[grid](q, k, v, d_out, d_q, d_p, d_t, offsets, p, t, now, seconds, *sizes)
        _backward_keys[grid](q, k, v, d_out, d_k, d_v, offsets, p, t, now, seconds, *sizes)
        return d_q, d_k, d_v, None, d_p.to(p.dtype), d_t.to(t.dtype), None, None


def _grid(offsets: Tensor, heads: int) -> tuple[int, int]:
    """Tiles of the longest history, and a row of them per person and head."""
    longest = int(offsets.diff().max())
    return triton.cdiv(longest, BLOCK), (len(offsets) - 1) * heads


@triton.jit  # type: ignore[untyped-decorator]
def _tile(base: Any, place: Any, length: Any, head: Any, heads: Any, D: tl.constexpr) -> Any:
    """Rows `place` of one history and head, `[BLOCK, D]`, zeros beyond its end."""
    column = tl.arange(0, D)
    return tl.load(
        base + (place[:, None] * heads + head) * D + column[None, :], mask=place[:, None] < length, other=0.0
    )


@triton.jit  # type: ignore[untyped-decorator]
def _scores(q: Any, k: Any, i: Any, j: Any, length: Any, p: Any, t: Any, now: Any, seconds: Any, buckets: Any) -> Any:
    """q_i·k_j + p_{i-j} + t_bucket of a tile `[BLOCK, BLOCK]`, the pairs that count, their distances and buckets."""
    seen = (j[None, :] <= i[:, None]) & (i[:, None] < length)
    distance = tl.where(seen, i[:, None] - j[None, :], 0)
    asked = tl.load(now + i, mask=i < length, other=0)
    rated = tl.load(seconds + j, mask=j < length, other=0)
    apart = tl.maximum(asked[:, None] - rated[None, :], 1).to(tl.float32)
    bucket = tl.minimum((tl.log(apart) / 0.301).to(tl.int32), buckets - 1)
    bias = tl.load(p + distance, mask=seen, other=0.0) + tl.load(t + bucket, mask=seen, other=0.0)
    s = tl.dot(q, tl.trans(k), input_precision="ieee") + bias
    return s, seen, distance, bucket


@triton.jit  # type: ignore[untyped-decorator]
def _forward(
    q: Any,
    k: Any,
    v: Any,
    out: Any,
    offsets: Any,
    p: Any,
    t: Any,
    now: Any,
    seconds: Any,
    heads: Any,
    buckets: Any,
    D: tl.constexpr,
    B: tl.constexpr,
) -> None:
    """One tile of queries against all tiles of keys up to it."""
    person, head = tl.program_id(1) // heads, tl.program_id(1) % heads
    begin = tl.load(offsets + person)
    length = tl.load(offsets + person + 1) - begin
    row, first = begin * heads * D, tl.program_id(0) * B
    if first < length:
        i = first + tl.arange(0, B)
        q_i = _tile(q + row, i, length, head, heads, D)
        total = tl.zeros((B, D), tl.float32)
        for from_key in range(0, first + B, B):
            j = from_key + tl.arange(0, B)
            k_j, v_j = _tile(k + row, j, length, head, heads, D), _tile(v + row, j, length, head, heads, D)
            s, seen, _, _ = _scores(q_i, k_j, i, j, length, p, t, now + begin, seconds + begin, buckets)
            w = tl.where(seen, s * tl.sigmoid(s), 0.0)
            total += tl.dot(w.to(v_j.dtype), v_j, input_precision="ieee")
        total = total / (i + 1)[:, None].to(tl.float32)
        place = row + (i[:, None] * heads + head) * D + tl.arange(0, D)[None, :]
        tl.store(out + place, total.to(q_i.dtype), mask=i[:, None] < length)


@triton.jit  # type: ignore[untyped-decorator]
def _slopes(s: Any, seen: Any, d_out: Any, v: Any, i: Any) -> Any:
    """dL/ds = (dL/dO_i · v_j) / i · SiLU'(s) of a tile, and the weights SiLU(s) / i."""
    sigmoid, n = tl.sigmoid(s), (i + 1)[:, None].to(tl.float32)
    d_w = tl.dot(d_out, tl.trans(v), input_precision="ieee") / n
    d_s = tl.where(seen, d_w * sigmoid * (1.0 + s * (1.0 - sigmoid)), 0.0)
    return d_s, tl.where(seen, s * sigmoid / n, 0.0)


@triton.jit  # type: ignore[untyped-decorator]
def _backward_queries(
    q: Any,
    k: Any,
    v: Any,
    d_out: Any,
    d_q: Any,
    d_p: Any,
    d_t: Any,
    offsets: Any,
    p: Any,
    t: Any,
    now: Any,
    seconds: Any,
    heads: Any,
    buckets: Any,
    D: tl.constexpr,
    B: tl.constexpr,
) -> None:
    """One tile of queries: dQ, and its share in the gradients of both biases."""
    person, head = tl.program_id(1) // heads, tl.program_id(1) % heads
    begin = tl.load(offsets + person)
    length = tl.load(offsets + person + 1) - begin
    row, first = begin * heads * D, tl.program_id(0) * B
    if first < length:
        i = first + tl.arange(0, B)
        q_i, d_i = _tile(q + row, i, length, head, heads, D), _tile(d_out + row, i, length, head, heads, D)
        total = tl.zeros((B, D), tl.float32)
        for from_key in range(0, first + B, B):
            j = from_key + tl.arange(0, B)
            k_j, v_j = _tile(k + row, j, length, head, heads, D), _tile(v + row, j, length, head, heads, D)
            s, seen, distance, bucket = _scores(q_i, k_j, i, j, length, p, t, now + begin, seconds + begin, buckets)
            d_s, _ = _slopes(s, seen, d_i, v_j, i)
            total += tl.dot(d_s.to(k_j.dtype), k_j, input_precision="ieee")
            tl.atomic_add(d_p + distance, d_s, mask=seen)
            tl.atomic_add(d_t + bucket, d_s, mask=seen)
        place = row + (i[:, None] * heads + head) * D + tl.arange(0, D)[None, :]
        tl.store(d_q + place, total.to(q_i.dtype), mask=i[:, None] < length)


@triton.jit  # type: ignore[untyped-decorator]
def _backward_keys(
    q: Any,
    k: Any,
    v: Any,
    d_out: Any,
    d_k: Any,
    d_v: Any,
    offsets: Any,
    p: Any,
    t: Any,
    now: Any,
    seconds: Any,
    heads: Any,
    buckets: Any,
    D: tl.constexpr,
    B: tl.constexpr,
) -> None:
    """One tile of keys against all tiles of queries from it on: dK and dV."""
    person, head = tl.program_id(1) // heads, tl.program_id(1) % heads
    begin = tl.load(offsets + person)
    length = tl.load(offsets + person + 1) - begin
    row, first = begin * heads * D, tl.program_id(0) * B
    if first < length:
        j = first + tl.arange(0, B)
        k_j, v_j = _tile(k + row, j, length, head, heads, D), _tile(v + row, j, length, head, heads, D)
        sum_k, sum_v = tl.zeros((B, D), tl.float32), tl.zeros((B, D), tl.float32)
        for from_query in range(first, length, B):
            i = from_query + tl.arange(0, B)
            q_i, d_i = _tile(q + row, i, length, head, heads, D), _tile(d_out + row, i, length, head, heads, D)
            s, seen, _, _ = _scores(q_i, k_j, i, j, length, p, t, now + begin, seconds + begin, buckets)
            d_s, w = _slopes(s, seen, d_i, v_j, i)
            sum_k += tl.dot(tl.trans(d_s).to(q_i.dtype), q_i, input_precision="ieee")
            sum_v += tl.dot(tl.trans(w).to(d_i.dtype), d_i, input_precision="ieee")
        place = row + (j[:, None] * heads + head) * D + tl.arange(0, D)[None, :]
        tl.store(d_k + place, sum_k.to(k_j.dtype), mask=j[:, None] < length)
        tl.store(d_v + place, sum_v.to(v_j.dtype), mask=j[:, None] < length)
