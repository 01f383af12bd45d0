"""A training keeps what it frees, in a process of its own."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

MEGABYTES = 256
ROOT = Path(__file__).parents[2]
SCRIPT = f"""
import psutil, torch
from recommender.models import registry
from tests.models.planted import plant

def left() -> int:
    before = psutil.Process().memory_info().rss
    tensor = torch.ones({MEGABYTES} * 2**18)
    del tensor
    return (psutil.Process().memory_info().rss - before) // 2**20

given_back = left()
planted, cls = plant(), registry.model_class("fm")
cls(cls.Config(**{{**cls.quick, "epochs": 1}})).fit(planted.interactions, planted.catalog)
print(given_back, left())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_what_a_tensor_frees_stays_with_a_process_that_trains() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    given_back, kept = map(int, done.stdout.split())
    assert given_back < MEGABYTES / 8
    assert kept > MEGABYTES * 7 / 8
