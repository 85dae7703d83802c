"""The child from its parent's side: started, asked under an allowance, ended, its end explained."""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import weakref
from typing import Generic

from stages.sandbox.allowance import Allowance, CpuClock, TooLateError
from stages.sandbox.messages import (
    EXIT_OUT_OF_MEMORY,
    LENGTH,
    OUT_OF_MEMORY,
    Answer,
    Failure,
    FailureReason,
    Item,
    Limits,
    Value,
)
from stages.sandbox.server_process import ForkServer

CHUNK_BYTES = 1 << 20
SENT = frozenset((signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
"""Signals that come from other processes only, or from the kernel where memory is short."""

MAX_END_S = 5.0
"""From the end of a child's output to its own."""


class ChildProcess(Generic[Item, Value]):
    """One child of a server and the pipes to it. Raises RuntimeError if it does not start."""

    def __init__(self, server: ForkServer[Item, Value], limits: Limits) -> None:
        self.served = 0
        self._server = server
        self._limits = limits
        theirs_in, self._items = os.pipe()
        self._answers, theirs_out = os.pipe()
        try:
            process = server.start_child(theirs_in, theirs_out)
        except RuntimeError:
            os.close(self._items)
            os.close(self._answers)
            raise
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        self.close = weakref.finalize(self, _end, server, process, self._items, self._answers)
        self._clock = CpuClock(process)
        for descriptor in (self._items, self._answers):
            os.set_blocking(descriptor, False)

    def ask(self, item: bytes) -> Answer[Value] | Failure:
        """What the child says to a pickled item."""
        self.served += 1
        limits = self._limits
        allowance = Allowance(self._clock, limits.max_cpu_s, limits.max_wall_s)
        try:
            _write(self._items, LENGTH.pack(len(item)) + item, allowance)
            (length,) = LENGTH.unpack(_read(self._answers, LENGTH.size, allowance))
            outcome: Answer[Value] | Failure = pickle.loads(  # noqa: S301 -- our own child's
                _read(self._answers, length, allowance)
            )
            allowance.cpu_left()  # too much is too much, though the answer came before the look
        except TooLateError as error:
            return Failure(FailureReason.TIMED_OUT, str(error))
        except (BrokenPipeError, EOFError):
            return self._explain_end()
        return outcome

    def _explain_end(self) -> Failure:
        code = self._server.wait(MAX_END_S)
        if code is None:
            return Failure(FailureReason.CRASHED, "closed its output")
        if code == EXIT_OUT_OF_MEMORY:
            return OUT_OF_MEMORY
        if code >= 0:
            return Failure(FailureReason.CRASHED, f"exit code {code}")
        cause = signal.Signals(-code)
        return Failure(FailureReason.CRASHED, f"killed by {cause.name}", cause in SENT)


def _end(server: ForkServer[Item, Value], process: int, items: int, answers: int) -> None:
    if server.close.alive:  # or the child has gone with it, and its process id may be another's
        os.kill(process, signal.SIGKILL)  # the server has not reaped it, however it ended
        server.wait(MAX_END_S)
    os.close(items)
    os.close(answers)


def _write(descriptor: int, data: bytes, allowance: Allowance) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            allowance.wait(descriptor, selectors.EVENT_WRITE)


def _read(descriptor: int, size: int, allowance: Allowance) -> bytes:
    chunks: list[bytes] = []
    while size:
        try:
            chunk = os.read(descriptor, min(size, CHUNK_BYTES))
        except BlockingIOError:
            allowance.wait(descriptor, selectors.EVENT_READ)
            continue
        if not chunk:
            raise EOFError
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
