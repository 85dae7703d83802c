"""What models remember of the latest texts, and an end to all of it.

One stage after another asks for the same text: readings, vectors and tokens are remembered for
those that follow. No result hangs on it, but what a text costs does: who measures that of texts so
few that all of them would be known forgets them first.
"""

from __future__ import annotations

from typing import Protocol
from weakref import WeakSet


class Memory(Protocol):
    """Something that is remembered in this process."""

    def forget(self) -> None:
        """Know nothing any more."""


_MEMORIES: WeakSet[Memory] = WeakSet()


def register(memory: Memory) -> None:
    """Have a memory forget with the others, as long as there is one."""
    _MEMORIES.add(memory)


def forget_all() -> None:
    """Have every memory of this process forget."""
    for memory in list(_MEMORIES):
        memory.forget()
