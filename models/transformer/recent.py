"""What was made last, by a key: one stage after another asks for the same document's."""

from __future__ import annotations

from threading import Lock
from typing import Generic, TypeVar

from models.memories import register

Value = TypeVar("Value")

CAPACITY = 1024
"""More than the batches of a chain hold, sixteen times."""


class Recent(Generic[Value]):
    """The latest values by their keys, digests; several threads may ask and add."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._known: dict[bytes, Value] = {}
        self._lock = Lock()
        register(self)

    def forget(self) -> None:
        """Know nothing any more."""
        with self._lock:
            self._known = {}

    def get(self, key: bytes) -> Value | None:
        """What was made for this key, if it is still known."""
        return self._known.get(key)

    def add(self, key: bytes, value: Value) -> None:
        """Remember it, as the latest; the oldest is forgotten."""
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = value
            while len(self._known) > self._capacity:
                del self._known[next(iter(self._known))]
