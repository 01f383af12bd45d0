"""Which Python and which libraries made the numbers."""

from __future__ import annotations

import platform
from importlib.metadata import version

LIBRARIES = ("numpy", "scipy", "torch", "implicit")


def built_with() -> dict[str, str]:
    """Versions of Python and of the libraries that shape the numbers."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}
