"""What was worked out is remembered for as long as there is room. Threads may share a memory."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

Kept = TypeVar("Kept")


class Memory(Generic[Kept]):
    """The answers that were asked for last."""

    def __init__(self, room: float, size: Callable[[Kept], float] | None = None) -> None:
        self._lock = Lock()
        self._known: LRUCache[Hashable, Any] = LRUCache(room, getsizeof=size)

    def remembered(self, key: Hashable, work: Callable[[], Kept]) -> Kept:
        """What `work` gave when it was last asked for `key`; None is worked out again."""
        with self._lock:
            known: Kept | None = self._known.get(key)
        if known is None:
            known = work()
            with self._lock:
                self._known[key] = known
        return known
