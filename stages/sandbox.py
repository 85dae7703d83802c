"""Run a function on one item after another in a child process that can be killed.

A page can hang a parser, eat all memory or crash the process. In the child that costs the page,
not the task: the child has a memory limit, so much CPU time for each item, and dies with its
parent. CPU time is the child's own, so what else the machine does changes no outcome; a wall clock,
set far beyond it, is there for what sleeps. Items travel over pipes as pickles, one at a time, so
the item in flight is known when it fails.
"""

from __future__ import annotations

import math
import os
import pickle
import selectors
import signal
import struct
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any

LENGTH = struct.Struct("<Q")
CHUNK_BYTES = 1 << 20
MAX_START_S = 600.0  # of the wall clock; what extraction loads takes 1 s of CPU time, 3 uncompiled
MIN_WAIT_S = 0.01  # between two looks at the child's clock when little of its time is left
PR_SET_PDEATHSIG = 1
MEMORY_LIMIT_REACHED = "the memory limit was reached"
EXIT_OUT_OF_MEMORY = 77  # an item too large to receive: the pipe is out of step, the child leaves


class Fault(StrEnum):
    """Why an item gave no value."""

    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    RAISED = "raised"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: its value, or the fault and a sentence about it."""

    value: Any = None
    fault: Fault | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one item may take, and how many items a child serves before it is replaced.

    ``max_cpu_s`` is CPU time of all the child's threads. ``max_wall_s`` ends what uses none: it
    sleeps, or waits for a lock. ``max_memory_bytes`` limits the child's address space, which after
    imports is about 0.3 GB larger than what it has resident.
    """

    max_cpu_s: float = 20.0
    max_wall_s: float = 600.0
    max_memory_bytes: int = 2 << 30
    max_items_per_child: int = 2000


def missing_guards() -> tuple[str, ...]:
    """The protections that this platform does not have; on Linux none is missing.

    Where another process's CPU time cannot be read, an item has as many seconds of the wall clock.
    """
    if sys.platform == "linux":
        return ()
    return ("memory limit", "death with a parent that was killed", "CPU time apart from wall time")


class Sandbox:
    """Calls ``factory(*arguments)`` in a child, once, and the function it returns on each item.

    The factory and the arguments are pickled: a factory is a function of an importable module.
    What a child that had served other items did not survive is tried once more, time-outs too:
    that an item failed may only depend on the item, so a fresh child has the last word.
    """

    def __init__(
        self, factory: Callable[..., Callable[[Any], Any]], *arguments: Any, limits: Limits
    ) -> None:
        self._recipe = (factory, arguments, limits.max_memory_bytes)
        self._limits = limits
        self._child: _Child | None = None

    def __call__(self, item: Any) -> Outcome:
        """The value for ``item``, or its fault."""
        message = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
        outcome, was_fresh = self._attempt(message)
        survived = outcome.fault in {None, Fault.RAISED}
        return outcome if survived or was_fresh else self._attempt(message)[0]

    def close(self) -> None:
        """End the child; a later call starts another."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def _attempt(self, message: bytes) -> tuple[Outcome, bool]:
        if self._child is None:
            self._child = _Child(self._recipe)
        child, was_fresh = self._child, self._child.served == 0
        outcome = child.ask(message, self._limits)
        spent = child.served >= self._limits.max_items_per_child
        if spent or outcome.fault not in {None, Fault.RAISED}:
            self.close()
        return outcome, was_fresh


class _TooLateError(Exception):
    """An item took more of a clock than it may; the message says of which."""


class _Clock:
    """The CPU time of a process, all of its threads together, in seconds.

    The scheduler's own count, exact to the microsecond. Timers that signal the child (ITIMER_PROF,
    RLIMIT_CPU) count ticks of the machine instead: beside three busy processes they went off up to
    11% early.
    """

    def __init__(self, process: int) -> None:
        self._clock = time.CLOCK_MONOTONIC
        if sys.platform == "linux":
            import ctypes

            found = ctypes.c_int()
            error = ctypes.CDLL(None).clock_getcpuclockid(process, ctypes.byref(found))
            if error:
                raise OSError(error, os.strerror(error))
            self._clock = found.value

    def read(self) -> float:
        return time.clock_gettime(self._clock)


class _Allowance:
    """What is left to an item of its CPU time and of the wall clock."""

    def __init__(self, clock: _Clock, max_cpu_s: float, max_wall_s: float) -> None:
        self._clock, self._max_cpu_s, self._max_wall_s = clock, max_cpu_s, max_wall_s
        self._cpu_end = clock.read() + max_cpu_s
        self._wall_end = time.monotonic() + max_wall_s

    def cpu_left(self) -> float:
        """Seconds of CPU time; raises ``_TooLateError`` when there is none."""
        left = self._cpu_end - self._clock.read()
        if left < 0:
            raise _TooLateError(f"more than {self._max_cpu_s:g} s of CPU time")
        return left

    def wall_left(self) -> float:
        """Seconds of the wall clock; raises ``_TooLateError`` when there is none."""
        left = self._wall_end - time.monotonic()
        if left < 0:
            raise _TooLateError(f"no answer in {self._max_wall_s:g} s")
        return left

    def wait(self, descriptor: int, event: int) -> None:
        """Until a pipe is ready; raises ``_TooLateError``.

        A thread gets no more CPU time than passes on the wall clock, so the child is looked at when
        it could be late at the earliest: hardly any item is looked at before its answer is there.
        """
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            while not selector.select(min(max(self.cpu_left(), MIN_WAIT_S), self.wall_left())):
                pass


class _Child:
    """One child process and the pipes to it."""

    def __init__(self, recipe: tuple[Any, ...]) -> None:
        self.served = 0
        search = [path or os.getcwd() for path in sys.path]  # noqa: PTH109 -- sys.path has strings
        self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
            [sys.executable, "-c", f"from {__name__} import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(search), "OMP_NUM_THREADS": "1"},
        )
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the sandbox's child has no pipes")
        self._stdin, self._stdout = stdin.fileno(), stdout.fileno()
        self._clock = _Clock(self._process.pid)
        os.set_blocking(self._stdin, False)
        os.set_blocking(self._stdout, False)
        self.close = weakref.finalize(self, _end, self._process)
        patience = _Allowance(self._clock, math.inf, MAX_START_S)
        ready = self._exchange(pickle.dumps(recipe), patience)
        if ready.fault:
            self.close()
            raise RuntimeError(f"the sandbox's child did not start: {ready.fault}: {ready.detail}")

    def ask(self, message: bytes, limits: Limits) -> Outcome:
        self.served += 1
        allowance = _Allowance(self._clock, limits.max_cpu_s, limits.max_wall_s)
        return self._exchange(message, allowance)

    def _exchange(self, message: bytes, allowance: _Allowance) -> Outcome:
        try:
            _write(self._stdin, LENGTH.pack(len(message)) + message, allowance)
            (length,) = LENGTH.unpack(_read(self._stdout, LENGTH.size, allowance))
            answer: Outcome = pickle.loads(_read(self._stdout, length, allowance))  # noqa: S301
            allowance.cpu_left()  # too much is too much, though the answer came before the look
        except _TooLateError as error:
            return Outcome(None, Fault.TIMED_OUT, str(error))
        except (BrokenPipeError, EOFError):
            return self._post_mortem()
        return answer

    def _post_mortem(self) -> Outcome:
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return Outcome(None, Fault.CRASHED, "closed its output")
        if code == EXIT_OUT_OF_MEMORY:
            return Outcome(None, Fault.OUT_OF_MEMORY, MEMORY_LIMIT_REACHED)
        cause = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return Outcome(None, Fault.CRASHED, cause)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()


def _write(descriptor: int, data: bytes, allowance: _Allowance) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            allowance.wait(descriptor, selectors.EVENT_WRITE)


def _read(descriptor: int, size: int, allowance: _Allowance) -> bytes:
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


def serve() -> None:
    """The child's life: read the recipe, then answer items until the parent closes the pipe."""
    receive, send = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get among the answers
    _die_with_parent()
    factory, arguments, max_memory_bytes = pickle.loads(_receive(receive))  # noqa: S301
    function = factory(*arguments)
    _limit_memory(max_memory_bytes)
    _send(send, Outcome())
    while True:
        _send(send, _answer(function, receive))


def _answer(function: Callable[[Any], Any], receive: IO[bytes]) -> Outcome:
    try:
        return Outcome(function(pickle.loads(_receive(receive))))  # noqa: S301
    except MemoryError:
        return Outcome(None, Fault.OUT_OF_MEMORY, MEMORY_LIMIT_REACHED)
    # Whatever the function raises is about this item; the parent decides what it means.
    except Exception as error:  # noqa: BLE001
        return Outcome(None, Fault.RAISED, f"{type(error).__name__}: {error}"[:300])


def _receive(stream: IO[bytes]) -> bytes:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        os._exit(0)
    try:
        return stream.read(LENGTH.unpack(head)[0])
    except MemoryError:
        os._exit(EXIT_OUT_OF_MEMORY)


def _send(stream: IO[bytes], outcome: Outcome) -> None:
    data = pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory(max_bytes: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (max_bytes, max_bytes))
