"""Run a function on one item after another in a child process that can be killed.

A page can hang a parser, eat all memory or crash the process. In the child that costs the page,
not the task: the child has a memory limit, a deadline for each item, and dies with its parent.
Items travel over pipes as pickles, one at a time, so the item in flight is known when it fails.
"""

from __future__ import annotations

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
START_TIMEOUT_S = 120.0
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

    ``max_memory_bytes`` limits the child's address space, which after imports is about 0.3 GB
    larger than what it has resident.
    """

    timeout_s: float = 20.0
    max_memory_bytes: int = 2 << 30
    max_items_per_child: int = 2000


def missing_guards() -> tuple[str, ...]:
    """The protections that this platform does not have; on Linux none is missing."""
    if sys.platform == "linux":
        return ()
    return ("memory limit", "death with a parent that was killed")


class Sandbox:
    """Calls ``factory(*arguments)`` in a child, once, and the function it returns on each item.

    The factory and the arguments are pickled: a factory is a function of an importable module.
    A time-out is tried once more. So is what a child that had served other items did not
    survive: that the item failed may only depend on the item, so a fresh child has the last word.
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
        retry = outcome.fault is Fault.TIMED_OUT or (
            outcome.fault in {Fault.OUT_OF_MEMORY, Fault.CRASHED} and not was_fresh
        )
        return self._attempt(message)[0] if retry else outcome

    def close(self) -> None:
        """End the child; a later call starts another."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def _attempt(self, message: bytes) -> tuple[Outcome, bool]:
        if self._child is None:
            self._child = _Child(self._recipe)
        child, was_fresh = self._child, self._child.served == 0
        outcome = child.ask(message, self._limits.timeout_s)
        spent = child.served >= self._limits.max_items_per_child
        if spent or outcome.fault not in {None, Fault.RAISED}:
            self.close()
        return outcome, was_fresh


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
        os.set_blocking(self._stdin, False)
        os.set_blocking(self._stdout, False)
        self.close = weakref.finalize(self, _end, self._process)
        ready = self._exchange(pickle.dumps(recipe), time.monotonic() + START_TIMEOUT_S)
        if ready.fault:
            self.close()
            raise RuntimeError(f"the sandbox's child did not start: {ready.fault}: {ready.detail}")

    def ask(self, message: bytes, timeout_s: float) -> Outcome:
        outcome = self._exchange(message, time.monotonic() + timeout_s)
        self.served += 1
        if outcome.fault is Fault.TIMED_OUT:
            return Outcome(None, Fault.TIMED_OUT, f"no answer in {timeout_s:g} s")
        return outcome

    def _exchange(self, message: bytes, deadline: float) -> Outcome:
        try:
            _write(self._stdin, LENGTH.pack(len(message)) + message, deadline)
            (length,) = LENGTH.unpack(_read(self._stdout, LENGTH.size, deadline))
            answer: Outcome = pickle.loads(_read(self._stdout, length, deadline))  # noqa: S301
        except TimeoutError:
            return Outcome(None, Fault.TIMED_OUT, "no answer")
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


def _wait(descriptor: int, event: int, deadline: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, event)
        if not selector.select(max(0.0, deadline - time.monotonic())):
            raise TimeoutError


def _write(descriptor: int, data: bytes, deadline: float) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            _wait(descriptor, selectors.EVENT_WRITE, deadline)


def _read(descriptor: int, size: int, deadline: float) -> bytes:
    chunks: list[bytes] = []
    while size:
        try:
            chunk = os.read(descriptor, min(size, CHUNK_BYTES))
        except BlockingIOError:
            _wait(descriptor, selectors.EVENT_READ, deadline)
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
