"""Freed memory is kept, in a process of its own."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

MEGABYTES = 256
SCRIPT = f"""
import sys
import psutil, torch
from recommender.training.memory import keep_freed

def left() -> int:
    before = psutil.Process().memory_info().rss
    tensor = torch.ones({MEGABYTES} * 2**18)
    del tensor
    return (psutil.Process().memory_info().rss - before) // 2**20

given_back = left()
keep_freed()
print(given_back, left())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_what_a_tensor_frees_stays_with_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    given_back, kept = map(int, done.stdout.split())
    assert given_back < MEGABYTES / 8
    assert kept > MEGABYTES * 7 / 8
