"""What a parent says to a server that is a fresh interpreter, and what it and a child exchange.

Pickles, each after its length: a `Setup` to the server; items to the child, which answers each by
an `Answer` or a `Failure`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")

Function: TypeAlias = Callable[[Item], Value]
Factory: TypeAlias = Callable[[], Function[Item, Value]]

LENGTH = struct.Struct("<Q")
EXIT_OUT_OF_MEMORY = 77
"""The child's exit code for an item too large to receive: the pipe is out of step then."""


class FailureReason(StrEnum):
    """Why an item has no value."""

    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    RAISED = "raised"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one item may take, and how many items a child serves before it is replaced.

    ``max_cpu_s`` is CPU time of all the child's threads. ``max_wall_s`` ends what uses none: it
    sleeps, or waits for a lock. ``max_memory_bytes`` is what the child may map besides what it
    began with, which it shares.
    """

    max_cpu_s: float = 20.0
    max_wall_s: float = 600.0
    max_memory_bytes: int = 2 << 30
    max_items_per_child: int = 2000


@dataclass(frozen=True, slots=True)
class Setup(Generic[Item, Value]):
    """What makes the children's function, and the limit that each child sets itself."""

    factory: Factory[Item, Value]
    max_memory_bytes: int


@dataclass(frozen=True, slots=True)
class Answer(Generic[Value]):
    """What the function returned."""

    value: Value


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no value, and a sentence about it.

    ``is_killed`` says that a signal ended the child which no fault of its own raises: somebody has
    sent it, or the kernel for want of memory.
    """

    reason: FailureReason
    detail: str
    is_killed: bool = False

    @property
    def ends_child(self) -> bool:
        """Whether the child did not survive the item, or cannot be trusted with another."""
        return self.reason is not FailureReason.RAISED


OUT_OF_MEMORY = Failure(FailureReason.OUT_OF_MEMORY, "the memory limit was reached")
