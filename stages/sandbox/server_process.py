"""The fork server from its parent's side: started, asked for children, ended."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import socket
import sys
import weakref
from typing import Generic

from stages.sandbox import threads
from stages.sandbox.fork_server import CONTROL, NUMBER, READY, run_forked, run_fresh
from stages.sandbox.messages import LENGTH, Factory, Item, Setup, Value

MAX_START_S = 600.0  # of the wall clock; what extraction loads takes 1 s of CPU time, 3 uncompiled


class ForkServer(Generic[Item, Value]):
    """A process that forks children: a fork of this one where that is safe, else an interpreter.

    ``loaded`` gives the function to a fork of this process, ``factory`` to a fresh interpreter.
    """

    def __init__(
        self, factory: Factory[Item, Value], loaded: Factory[Item, Value], max_memory_bytes: int
    ) -> None:
        self.is_fork = threads.may_fork()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = (
                _fork(theirs, Setup(loaded, max_memory_bytes)) if self.is_fork else _spawn(theirs)
            )
        self.close = weakref.finalize(self, _end, self._process, self._control)
        if not self.is_fork:
            setup = pickle.dumps(Setup(factory, max_memory_bytes))
            self._control.sendall(LENGTH.pack(len(setup)) + setup)
        self._is_ready = False
        self._code: int | None = None

    def start_child(self, items: int, answers: int) -> int:
        """Fork a child that reads and writes these descriptors, and return its process id.

        Raises RuntimeError if the server is not there, or could not load what a child needs.
        """
        self._code = None
        try:
            if not self._is_ready:
                self._receive(len(READY), MAX_START_S)
                self._is_ready = True
            socket.send_fds(self._control, [READY], [items, answers])
            (child,) = NUMBER.unpack(self._receive(NUMBER.size, MAX_START_S))
        except (OSError, EOFError) as error:
            self.close()
            raise RuntimeError(
                f"the sandbox's child did not start: {error or 'its server ended'}"
            ) from error
        return int(child)

    def wait(self, timeout_s: float) -> int | None:
        """How the child ended: its exit code, or a signal as a negative number; None if it lives.

        A server that is gone took its child along.
        """
        if self._code is None:
            try:
                (self._code,) = NUMBER.unpack(self._receive(NUMBER.size, timeout_s))
            except TimeoutError:
                return None
            except (OSError, EOFError):
                self.close()
                self._code = -signal.SIGKILL
        return self._code

    def _receive(self, size: int, timeout_s: float) -> bytes:
        self._control.settimeout(timeout_s)
        data = self._control.recv(size, socket.MSG_WAITALL)
        if len(data) < size:
            raise EOFError
        return data


def _fork(control: socket.socket, setup: Setup[Item, Value]) -> int:
    parent = os.getpid()
    was_enabled = gc.isenabled()
    gc.disable()  # nothing is collected in the fork before that freezes it
    try:
        process = os.fork()
        if not process:
            run_forked(control, parent, setup)
    finally:
        if was_enabled:
            gc.enable()
    return process


def _spawn(control: socket.socket) -> int:
    search = [path or os.getcwd() for path in sys.path]  # noqa: PTH109 -- sys.path has strings
    code = f"from {run_fresh.__module__} import run_fresh; run_fresh({os.getpid()})"
    return os.posix_spawn(
        sys.executable,
        # -P: the folder in which a worker happens to be must not come before what it imports from.
        [sys.executable, "-P", "-c", code],
        {**os.environ, "PYTHONPATH": os.pathsep.join(search), "OMP_NUM_THREADS": "1"},
        file_actions=[
            (os.POSIX_SPAWN_DUP2, control.fileno(), CONTROL),
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, 2, 1),
        ],
    )


def _end(process: int, control: socket.socket) -> None:
    control.close()
    try:
        os.kill(process, signal.SIGKILL)  # and its child with it
        os.waitpid(process, 0)
    except (ProcessLookupError, ChildProcessError):  # another has waited for it
        return
