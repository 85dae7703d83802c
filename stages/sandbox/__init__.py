"""Run a function on one item after another in a child process that can be killed.

A page can hang a parser, eat all memory or crash the process. In the child that costs the page,
not the task: the child has a memory limit, so much CPU time for each item, and dies with its
parent. CPU time is the child's own, so what else the machine does changes no outcome; a wall clock,
set far beyond it, is there for what sleeps. Items travel over pipes as pickles, one at a time, so
the item in flight is known when it fails.

    worker -> fork server (a fork of it, idle, with what the function needs) -> child after child
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import Generic

from stages.sandbox.child_process import ChildProcess
from stages.sandbox.messages import (
    Answer,
    Factory,
    Failure,
    FailureReason,
    Item,
    Limits,
    Value,
)
from stages.sandbox.server_process import ForkServer

MAX_KILLS = 3
"""Of children that are killed over one item: as many in a row are the item's doing."""

__all__ = ["Answer", "Failure", "FailureReason", "Limits", "Sandbox", "missing_guards"]


class Sandbox(Generic[Item, Value]):
    """Calls the function that ``factory`` returns on each item, in a child.

    The factory is pickled where a fork of this process would not be safe: it is a function of an
    importable module, a `functools.partial` of one, or a method of what can be pickled. What a
    child that had served other items did not survive is tried once more, time-outs too: that an
    item failed may only depend on the item, so a fresh child has the last word; one that was killed
    from outside has none, but for the third in a row.
    """

    def __init__(self, factory: Factory[Item, Value], limits: Limits) -> None:
        self._factory = factory
        self._limits = limits
        self._loaded = factory
        self._server: ForkServer[Item, Value] | None = None
        self._child: ChildProcess[Item, Value] | None = None
        self._owner = os.getpid()

    def load(self) -> None:
        """Call the factory here, where children are forks: they share what it has loaded.

        So do those of workers that are forked from this process.
        """
        if sys.platform == "linux":
            function = self._factory()
            self._loaded = lambda: function

    def start(self) -> None:
        """Start what children are forked from, while this process has no other threads yet."""
        self._running_server()

    def __call__(self, item: Item, *, try_again: bool = True) -> Answer[Value] | Failure:
        """The value for ``item``, or why there is none.

        Without ``try_again`` a failure is not the last word: the caller asks for less.
        """
        self._forget_inherited()
        message = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
        is_fresh = self._child is None
        outcome = self._attempt(message)
        if not try_again:
            return outcome
        if isinstance(outcome, Failure) and outcome.ends_child and not is_fresh:
            outcome = self._attempt(message)
        kills = 1
        while isinstance(outcome, Failure) and outcome.is_killed and kills < MAX_KILLS:
            outcome = self._attempt(message)
            kills += 1
        return outcome

    def close(self) -> None:
        """End the child and its server; a later call starts others."""
        self._close_child()
        if self._server is not None:
            self._server.close()

    def _attempt(self, message: bytes) -> Answer[Value] | Failure:
        if self._child is None:
            self._child = ChildProcess(self._running_server(), self._limits)
        outcome = self._child.ask(message)
        is_ended = isinstance(outcome, Failure) and outcome.ends_child
        if is_ended or self._child.served >= self._limits.max_items_per_child:
            self._close_child()
        return outcome

    def _forget_inherited(self) -> None:
        """A fork of the process that started them has no business with its server and child."""
        if self._owner == os.getpid():
            return
        self._owner = os.getpid()
        for inherited in (self._server, self._child):
            if inherited is not None:
                inherited.close.detach()
        self._server = self._child = None

    def _running_server(self) -> ForkServer[Item, Value]:
        self._forget_inherited()
        if self._server is None or not self._server.close.alive:
            self._server = ForkServer(self._factory, self._loaded, self._limits.max_memory_bytes)
        return self._server

    def _close_child(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None


def missing_guards() -> tuple[str, ...]:
    """The protections that this platform does not have; on Linux none is missing.

    Where another process's CPU time cannot be read, an item has as many seconds of the wall clock.
    """
    if sys.platform == "linux":
        return ()
    return ("memory limit", "death with a parent that was killed", "CPU time apart from wall time")
