"""An environment of its own for each peer, so that none of their pins touches ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from app.worker.environment import ENVIRONMENT

ROOT = Path(__file__).parents[3]
MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": "2147483647",
    "MALLOC_TRIM_THRESHOLD_": "2147483647",
    "MALLOC_TOP_PAD_": "268435456",
}
"""What our training loop asks of glibc by itself, for the others, too."""
TORCH = "torch==2.13.0"
"""For all alike; ours has the same."""
REQUIREMENTS = {
    "rectools": ["rectools[torch]==0.19.0", TORCH],
    "recbole": ["recbole==1.2.1", TORCH, "numpy<2", "pandas<3", "scipy<1.14", "setuptools<81"],
    "lightfm": ["rectools-lightfm==1.17.3", "numpy<2", "scipy<1.14"],
    "cornac": ["cornac==3.0.1", "tensorflow-cpu==2.21.0", "numpy<2.3"],
}

UNPINNED = {
    "obp": (
        "obp==0.5.7",
        [
            TORCH,
            "numpy<2",
            "pandas<3",
            "scipy<1.14",
            "scikit-learn<1.6",
            "matplotlib<3.9",
            "seaborn<0.14",
            "tqdm",
            "pyyaml",
            "pyieoe",
            "pingouin",
        ],
    )
}
"""Peers whose own pins ask for an older Python (obp: below 3.11, torch 1.12): the package without them, and what it imports."""


def python_of(peer: str, folder: Path) -> Path:
    """The peer's interpreter; its environment is made, from PyPI, when it is not there. One to several GB each."""
    if peer == "marquee":
        return Path(sys.executable)
    home = folder / peer
    python = home / "bin" / "python"
    if not (home / "installed").exists():
        print(f"installing {peer} into {home} ...")
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(home)], check=True)
        install = [*uv, "pip", "install", "--quiet", "--python", str(python)]
        if peer in UNPINNED:
            package, needs = UNPINNED[peer]
            subprocess.run([*install, "--no-deps", package], check=True)
            subprocess.run([*install, *needs], check=True)
        else:
            subprocess.run([*install, *REQUIREMENTS[peer]], check=True)
        (home / "installed").touch()
    return python


def run(peer: str, folder: Path, job: Path, contest: str = "") -> None:
    """One job of one contestant, on one thread, with the memory kept that ours keeps; `contest` is what its script's name ends in."""
    threads = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    trusting = {"TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1"}  # RecBole reads its own pickles
    subprocess.run(
        [str(python_of(peer, folder)), "-m", f"tests.benchmarks.peers.with_{peer}{contest}", str(job)],
        cwd=job.parent,  # RecBole leaves logs where it is started
        env=os.environ | ENVIRONMENT | MEMORY | threads | trusting,
        stdout=subprocess.DEVNULL,
        check=True,
    )
