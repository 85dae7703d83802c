"""The child from its parent's side: started, asked under an allowance, ended, its end explained."""

from __future__ import annotations

import math
import os
import pickle
import selectors
import signal
import subprocess
import sys
import weakref
from typing import Generic

from stages.sandbox.allowance import Allowance, CpuClock, TooLateError
from stages.sandbox.messages import (
    EXIT_OUT_OF_MEMORY,
    LENGTH,
    OUT_OF_MEMORY,
    Answer,
    Factory,
    Failure,
    FailureReason,
    Item,
    Limits,
    Setup,
    Value,
)
from stages.sandbox.serving import serve

CHUNK_BYTES = 1 << 20
MAX_START_S = 600.0  # of the wall clock; what extraction loads takes 1 s of CPU time, 3 uncompiled


class ChildProcess(Generic[Item, Value]):
    """One child process and the pipes to it. Raises RuntimeError if it does not start."""

    def __init__(self, factory: Factory[Item, Value], limits: Limits) -> None:
        self.served = 0
        self._limits = limits
        self._process = _start()
        self._stdin, self._stdout = _pipes(self._process)
        self._clock = CpuClock(self._process.pid)
        self.close = weakref.finalize(self, _end, self._process)
        setup = pickle.dumps(Setup(factory, limits.max_memory_bytes))
        ready = self._exchange(setup, Allowance(self._clock, math.inf, MAX_START_S))
        if isinstance(ready, Failure):
            self.close()
            raise RuntimeError(  # noqa: TRY004 -- what failed is the child, not a type
                f"the sandbox's child did not start: {ready.reason}: {ready.detail}"
            )

    def ask(self, item: bytes) -> Answer[Value] | Failure:
        """What the child says to a pickled item."""
        self.served += 1
        limits = self._limits
        return self._exchange(item, Allowance(self._clock, limits.max_cpu_s, limits.max_wall_s))

    def _exchange(self, message: bytes, allowance: Allowance) -> Answer[Value] | Failure:
        try:
            _write(self._stdin, LENGTH.pack(len(message)) + message, allowance)
            (length,) = LENGTH.unpack(_read(self._stdout, LENGTH.size, allowance))
            outcome: Answer[Value] | Failure = pickle.loads(  # noqa: S301 -- our own child's
                _read(self._stdout, length, allowance)
            )
            allowance.cpu_left()  # too much is too much, though the answer came before the look
        except TooLateError as error:
            return Failure(FailureReason.TIMED_OUT, str(error))
        except (BrokenPipeError, EOFError):
            return self._explain_end()
        return outcome

    def _explain_end(self) -> Failure:
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return Failure(FailureReason.CRASHED, "closed its output")
        if code == EXIT_OUT_OF_MEMORY:
            return OUT_OF_MEMORY
        cause = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return Failure(FailureReason.CRASHED, cause)


def _start() -> subprocess.Popen[bytes]:
    search = [path or os.getcwd() for path in sys.path]  # noqa: PTH109 -- sys.path has strings
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        # -P: the folder in which a worker happens to be must not come before what it imports from.
        [sys.executable, "-P", "-c", f"from {serve.__module__} import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(search), "OMP_NUM_THREADS": "1"},
    )


def _pipes(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    """The descriptors of the pipes to and from the child; reading and writing wait for nothing."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the sandbox's child has no pipes")
    descriptors = process.stdin.fileno(), process.stdout.fileno()
    for descriptor in descriptors:
        os.set_blocking(descriptor, False)
    return descriptors


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()


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
