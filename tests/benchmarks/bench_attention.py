"""What long histories cost: HSTU's attention, plain and fused, beside PyTorch's softmax attention, in training; 256 to 8,192 tokens.

Each form does a forward and a backward pass over the same number of tokens, as many histories of a length as make them up.
"""

from __future__ import annotations

import argparse
import ctypes
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import torch
from torch import Tensor
from torch.nn import functional as F

from recommender.layers import relative_attention
from recommender.layers.relative_attention import PER_RATING, RelativeBias, Times
from tests.benchmarks import report

SEED = 0
RESET, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
COMMAND = "python -m tests.benchmarks.bench_attention"
LENGTHS = (256, 512, 1_024, 2_048, 4_096, 8_192)
HEADS, D_HEAD = 2, 32
"""64 wide, as the networks of the house."""
ROUNDS = 3

Pass = Callable[[], None]


@dataclass(frozen=True)
class Figure:
    """One form at one length."""

    seconds: float
    """Median of a forward and a backward pass."""
    tokens: int
    bytes: int | None
    """Most memory at once beyond the inputs; None where the system does not tell."""

    def share(self, length: int, peak: float) -> float:
        """Of the device's peak."""
        return flops(self.tokens, length) / self.seconds / peak


def flops(tokens: int, length: int) -> float:
    """Of the matrix products that causal attention needs, forward and backward.

    A token sees (length + 1) / 2 tokens on average. A product with each of them is 2 * d_head operations per head; forward
    takes two products (scores; the weighted sum), backward five (scores again, and the slopes of weights, q, k and v). A form
    that works out the upper triangle as well, as the plain one does, or keeps the scores, is measured by the same count.
    """
    return 7 * 2 * HEADS * D_HEAD * tokens * (length + 1) / 2


def peak_flops(device: torch.device, dtype: torch.dtype) -> float:
    """Operations per second that a large matrix product reaches here: the best of several."""
    size = 8_192 if device.type == "cuda" else 1_536
    a, b = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    best = min(timed(lambda: torch.mm(a, b), device) for _ in range(8))
    return 2 * size**3 / best


def timed(work: Callable[[], object], device: torch.device) -> float:
    """Seconds of one call; on a CPU those of the processor, so that whoever else is at work counts less."""
    clock = time.perf_counter if device.type == "cuda" else time.process_time
    wait(device)
    began = clock()
    work()
    wait(device)
    return clock() - began


def wait(device: torch.device) -> None:
    """Until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize()


def most_memory(work: Callable[[], object], device: torch.device) -> int | None:
    """Bytes that a call holds at most beyond what was held before it; None where the system does not tell."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        work()
        return torch.cuda.max_memory_allocated() - before
    try:
        ctypes.CDLL(None).malloc_trim(0)  # give back what was freed, or the next call takes it unseen
        RESET.write_text("5")  # Linux: begin to look for the most anew
        before = resident("VmRSS")
        work()
        return resident("VmHWM") - before
    except (OSError, AttributeError):
        return None


def resident(which: str) -> int:
    """Bytes of this process in memory, now or at most."""
    return 1_024 * int(re.findall(rf"{which}:\s+(\d+) kB", STATUS.read_text(encoding="utf-8"))[0])


def passes(form: str, length: int, histories: int, device: torch.device, dtype: torch.dtype) -> Pass:
    """A forward and a backward pass of one form over random queries, keys and values."""
    torch.manual_seed(SEED)
    shape = (histories, length, HEADS, D_HEAD)
    q, k, v = (torch.randn(shape, device=device, dtype=dtype, requires_grad=True) for _ in range(3))
    seconds = torch.randint(0, 10**8, (histories, length // PER_RATING), device=device).sort().values
    lengths = torch.full((histories,), length // PER_RATING, device=device)
    rab = RelativeBias(length).to(device)

    def attend() -> Tensor:
        if form == "softmax":
            heads_first = [x.transpose(1, 2) for x in (q, k, v)]
            return F.scaled_dot_product_attention(*heads_first, is_causal=True)
        return relative_attention.relative_attention(q, k, v, rab, Times(seconds, seconds, lengths))

    def work() -> None:
        q.grad = k.grad = v.grad = None
        with patch.object(relative_attention, "fused", lambda _: form == "fused"):
            attend().sum().backward()

    return work


def measure(form: str, length: int, tokens: int, device: torch.device, dtype: torch.dtype) -> Figure | None:
    """One form at one length; None when the memory does not hold it."""
    histories = max(tokens // length, 1)
    work = passes(form, length, histories, device, dtype)
    try:
        work()
        most = most_memory(work, device)
        seconds = statistics.median(timed(work, device) for _ in range(ROUNDS))
    except torch.OutOfMemoryError:
        return None
    return Figure(seconds, histories * length, most)


def main() -> None:
    """Measure all forms and write the section."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--longest", type=int, default=8_192, help="tokens; 8,192 if nothing is said")
    longest = options.parse_args().longest
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    on_gpu = device.type == "cuda"
    dtype = torch.bfloat16 if on_gpu else torch.float32
    tokens = 65_536 if on_gpu else 8_192
    torch.set_num_threads(1)
    forms = ("softmax", "plain", "fused") if on_gpu else ("softmax", "plain")
    peak = peak_flops(device, dtype)
    rows = []
    for length in (each for each in LENGTHS if each <= longest):
        for form in forms:
            figure = measure(form, length, tokens, device, dtype)
            rows.append(row(form, length, figure, peak))
            print(*rows[-1], flush=True)
    name = torch.cuda.get_device_name() if on_gpu else "one thread of the CPU"
    body = text(name, str(dtype).removeprefix("torch."), tokens, peak, on_gpu)
    columns = ["form, tokens per history", "µs per token", "share of peak", "memory, MB"]
    body += "\n\n" + report.table(columns, rows)
    report.write("attention", "Attention over long histories", body, command=COMMAND, seed=SEED)


def row(form: str, length: int, figure: Figure | None, peak: float) -> list[str]:
    """A line of the table."""
    title = f"{ {'softmax': 'softmax, PyTorch', 'plain': 'HSTU, plain', 'fused': 'HSTU, fused'}[form] }, {length:,}"
    if figure is None:
        return [title, "out of memory", "", ""]
    cells = [title, f"{1e6 * figure.seconds / figure.tokens:.2f}", f"{100 * figure.share(length, peak):.1f} %"]
    return [*cells, "" if figure.bytes is None else f"{figure.bytes / 1e6:,.0f}"]


def text(name: str, dtype: str, tokens: int, peak: float, on_gpu: bool) -> str:
    """What was measured, in words."""
    return (
        f"On {name}, {dtype}: a forward and a backward pass of the attention alone ({HEADS} heads of {D_HEAD}, causal), "
        f"{tokens:,} tokens in histories of one length, median of {ROUNDS}. HSTU's also works out the relative biases of distance and "
        f"time, which softmax has not. A rating is {PER_RATING} tokens. Share of peak: 7 products of 2 x {HEADS} x {D_HEAD} operations for each "
        f"of the (length + 1) / 2 tokens that a token sees, over the time, against {peak / 1e9:,.0f} GFLOP/s, which a large matrix product "
        "reaches here. Memory is the most that a pass holds beyond the inputs. "
        + (
            ""
            if on_gpu
            else "Time is the processor's. There was no GPU, so the fused form and the paper's claim of 5.3 to 15.2 times at 8,192 tokens "
            "are not measured here; run the command on a machine with one."
        )
    )


if __name__ == "__main__":
    main()
