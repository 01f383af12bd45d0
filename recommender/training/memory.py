"""What tensors free stays with the process."""

from __future__ import annotations

import ctypes
import sys

# malloc.h of glibc: M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_TOP_PAD; bytes.
KEEP = ((-3, 2**31 - 1), (-1, 2**31 - 1), (-2, 2**28))


def keep_freed() -> None:
    """Let glibc keep freed memory for the next tensor instead of giving it back to the system; elsewhere nothing changes.

    A page that comes fresh from the system is cleared first, which can cost a CPU more than the sums that are written into it.
    Source: mallopt(3).
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        for parameter, value in KEEP:
            mallopt(parameter, value)
