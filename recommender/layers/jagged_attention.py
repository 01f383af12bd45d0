"""HSTU's attention, fused: histories below each other in one column, filled up or not, and never a `[length, length]` in memory.

The plain form is `pointwise_attention`; tests hold the two equal, values and gradients, and `relative_attention` chooses. Needs
Triton; without a GPU its interpreter runs the same kernels slowly (TRITON_INTERPRET=1 before the import).
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
    q: Tensor,
    k: Tensor,
    v: Tensor,
    begins: Tensor,
    lengths: Tensor,
    longest: int,
    p: Tensor,
    t: Tensor,
    now: Tensor,
    seconds: Tensor,
) -> Tensor:
    """O_i = 1/i Σ_{j ≤ i} SiLU(q_i·k_j + p_{i-j} + t_{bucket(now_i - seconds_j)}) v_j within each history, `[tokens, heads, d_head]`.

    `q`, `k`, `v` `[tokens, heads, d_head]`, d_head a power of 2 from 16; `begins` and `lengths` int64 `[people]`, the rows of each
    history, what lies between two of them being zero in the result; `longest` is the greatest length, or more; `p` `[longest]` and
    `t` `[buckets]`, the relative biases; `now` and `seconds` int64 `[tokens]`, Unix seconds. bucket(x) = ln(max(x, 1)) / 0.301.
    """
    out: Tensor = _JaggedAttention.apply(longest, q, k, v, begins, lengths, p, t, now, seconds)  # type: ignore[no-untyped-call]
    return out


class _JaggedAttention(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, longest: int, *inputs: Tensor) -> Tensor:
        q, k, v, begins, lengths, p, t, now, seconds = (each.contiguous() for each in inputs)
        out, heads, d_head = torch.zeros_like(v), q.shape[1], q.shape[2]
        ctx.grid = triton.cdiv(longest, BLOCK), len(begins) * heads  # tiles of a history, per person and head
        _forward[ctx.grid](q, k, v, out, begins, lengths, p, t, now, seconds, heads, len(t), d_head, BLOCK)
        ctx.save_for_backward(q, k, v, begins, lengths, p, t, now, seconds)
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, begins, lengths, p, t, now, seconds = ctx.saved_tensors
        d_q, d_k, d_v = torch.zeros_like(q), torch.zeros_like(k), torch.zeros_like(v)
        d_p, d_t = torch.zeros_like(p, dtype=torch.float32), torch.zeros_like(t, dtype=torch.float32)
        slopes = grads[0].contiguous(), d_q, d_k, d_v, d_p, d_t
        sizes = q.shape[1], len(t), q.shape[2], BLOCK
        _backward[ctx.grid](q, k, v, *slopes, begins, lengths, p, t, now, seconds, *sizes)
        return None, d_q, d_k, d_v, None, None, d_p.to(p.dtype), d_t.to(t.dtype), None, None


@triton.jit  # type: ignore[untyped-decorator]
def _whose(begins: Any, lengths: Any, heads: Any) -> Any:
    """Where the history of this program begins, how long it is, and the head."""
    person = tl.program_id(1) // heads
    return tl.load(begins + person), tl.load(lengths + person), tl.program_id(1) % heads


@triton.jit  # type: ignore[untyped-decorator]
def _tile(base: Any, place: Any, length: Any, head: Any, heads: Any, D: tl.constexpr) -> Any:
    """Rows `place` of one history and head, `[BLOCK, D]`, zeros beyond its end."""
    column = tl.arange(0, D)
    return tl.load(
        base + (place[:, None] * heads + head) * D + column[None, :], mask=place[:, None] < length, other=0.0
    )


@triton.jit  # type: ignore[untyped-decorator]
def _put(base: Any, tile: Any, place: Any, length: Any, head: Any, heads: Any, D: tl.constexpr) -> None:
    """Write a tile to where `_tile` reads it."""
    at = base + (place[:, None] * heads + head) * D + tl.arange(0, D)[None, :]
    tl.store(at, tile.to(base.dtype.element_ty), mask=place[:, None] < length)


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
    begins: Any,
    lengths: Any,
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
    begin, length, head = _whose(begins, lengths, heads)
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
        _put(out + row, total / (i + 1)[:, None].to(tl.float32), i, length, head, heads, D)


@triton.jit  # type: ignore[untyped-decorator]
def _slopes(s: Any, seen: Any, d_out: Any, v: Any, i: Any) -> Any:
    """dL/ds = (dL/dO_i · v_j) / i · SiLU'(s) of a tile, and the weights SiLU(s) / i."""
    sigmoid, n = tl.sigmoid(s), (i + 1)[:, None].to(tl.float32)
    d_w = tl.dot(d_out, tl.trans(v), input_precision="ieee") / n
    d_s = tl.where(seen, d_w * sigmoid * (1.0 + s * (1.0 - sigmoid)), 0.0)
    return d_s, tl.where(seen, s * sigmoid / n, 0.0)


@triton.jit  # type: ignore[untyped-decorator]
def _backward(
    q: Any,
    k: Any,
    v: Any,
    d_out: Any,
    d_q: Any,
    d_k: Any,
    d_v: Any,
    d_p: Any,
    d_t: Any,
    begins: Any,
    lengths: Any,
    p: Any,
    t: Any,
    now: Any,
    seconds: Any,
    heads: Any,
    buckets: Any,
    D: tl.constexpr,
    B: tl.constexpr,
) -> None:
    """One tile n, first as queries against the keys up to it, then as keys against the queries from it on: all programs work alike long."""
    begin, length, head = _whose(begins, lengths, heads)
    row, first = begin * heads * D, tl.program_id(0) * B
    if first < length:
        n = first + tl.arange(0, B)
        q_n, d_n = _tile(q + row, n, length, head, heads, D), _tile(d_out + row, n, length, head, heads, D)
        k_n, v_n = _tile(k + row, n, length, head, heads, D), _tile(v + row, n, length, head, heads, D)
        total = tl.zeros((B, D), tl.float32)
        for from_key in range(0, first + B, B):
            j = from_key + tl.arange(0, B)
            k_j, v_j = _tile(k + row, j, length, head, heads, D), _tile(v + row, j, length, head, heads, D)
            s, seen, distance, bucket = _scores(q_n, k_j, n, j, length, p, t, now + begin, seconds + begin, buckets)
            d_s, _ = _slopes(s, seen, d_n, v_j, n)
            total += tl.dot(d_s.to(k_j.dtype), k_j, input_precision="ieee")
            tl.atomic_add(d_p + distance, d_s, mask=seen)
            tl.atomic_add(d_t + bucket, d_s, mask=seen)
        _put(d_q + row, total, n, length, head, heads, D)
        sum_k, sum_v = tl.zeros((B, D), tl.float32), tl.zeros((B, D), tl.float32)
        for from_query in range(first, length, B):
            i = from_query + tl.arange(0, B)
            q_i, d_i = _tile(q + row, i, length, head, heads, D), _tile(d_out + row, i, length, head, heads, D)
            s, seen, _, _ = _scores(q_i, k_n, i, n, length, p, t, now + begin, seconds + begin, buckets)
            d_s, w = _slopes(s, seen, d_i, v_n, i)
            sum_k += tl.dot(tl.trans(d_s).to(q_i.dtype), q_i, input_precision="ieee")
            sum_v += tl.dot(tl.trans(w).to(d_i.dtype), d_i, input_precision="ieee")
        _put(d_k + row, sum_k, n, length, head, heads, D)
        _put(d_v + row, sum_v, n, length, head, heads, D)
