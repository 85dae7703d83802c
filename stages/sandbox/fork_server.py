"""The process that children are forked from, started while its parent has one thread.

It has loaded what the children need, does nothing itself, and forks a child in 10 ms where a fresh
interpreter takes 1 s of CPU time to load the same. Parent and server speak over a socket: two
descriptors ask for a child that reads items from one and answers to the other; the server says its
process id, and how it ended once it has. One child lives at a time.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import os
import pickle
import signal
import socket
import struct
import sys
import traceback
from pathlib import Path
from typing import NoReturn

from stages.sandbox.messages import LENGTH, Factory, Function, Item, Setup, Value
from stages.sandbox.serving import serve

NUMBER = struct.Struct("<i")
"""A process id, or an exit code (a signal is negative)."""

READY = b"r"
CONTROL = 3
"""The descriptor of the socket in a server that is a fresh interpreter."""

PR_SET_PDEATHSIG = 1


def run_forked(control: socket.socket, parent: int, setup: Setup[Item, Value]) -> NoReturn:
    """The life of a server that is a fork of its parent."""
    try:
        gc.freeze()  # what the parent left to collect would close descriptors that are others' now
        gc.enable()
        # The calls under way count too, and a page's outcome must not depend on who asked.
        sys.setrecursionlimit(sys.getrecursionlimit() + _depth())
        faulthandler.disable()  # it writes to a descriptor of the parent's
        _close_all_but(control.fileno())
        null = os.open(os.devnull, os.O_RDONLY)
        if null:
            os.dup2(null, 0)
            os.close(null)
        os.dup2(2, 1)  # what libraries print is for the log
        _run(control, parent, setup.factory, setup.max_memory_bytes)
    except BaseException:  # noqa: BLE001 - whatever it is must not go on in the parent's code
        traceback.print_exc()
    finally:
        os._exit(1)


def run_fresh(parent: int) -> NoReturn:
    """The life of a server that is a fresh interpreter: what to load comes over the socket."""
    _close_all_but(CONTROL)
    control = socket.socket(fileno=CONTROL)
    with control.makefile("rb") as stream:
        (length,) = LENGTH.unpack(stream.read(LENGTH.size))
        setup: Setup[object, object] = pickle.loads(stream.read(length))  # noqa: S301 -- our own parent's
    _run(control, parent, setup.factory, setup.max_memory_bytes)


def _run(
    control: socket.socket, parent: int, factory: Factory[Item, Value], max_memory_bytes: int
) -> NoReturn:
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sys.stdout = sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    function = factory()
    gc.collect()
    gc.freeze()  # a collection in a child would copy what it looks at
    try:
        _fork_children(control, function, max_memory_bytes)
    except ConnectionError:
        # The parent has ended. The kernel closes what it had open before it kills what dies with
        # it: a child that has seen that, and ended, is told of to nobody.
        os._exit(0)


def _fork_children(
    control: socket.socket, function: Function[Item, Value], max_memory_bytes: int
) -> NoReturn:
    control.sendall(READY)
    server = os.getpid()
    child = 0
    while True:
        asked, descriptors, _, _ = socket.recv_fds(control, 1, 2)
        if child:
            os.waitpid(child, 0)  # not before: its parent may still mean to kill this process id
        if not asked:
            os._exit(0)
        child = os.fork()
        if not child:
            control.close()
            _die_with(server)
            items, answers = descriptors
            serve(function, items, answers, max_memory_bytes)
        for descriptor in descriptors:
            os.close(descriptor)
        control.sendall(NUMBER.pack(child))
        control.sendall(NUMBER.pack(_wait(child)))


def _depth() -> int:
    """How many calls of Python functions are under way."""
    return sum(1 for _ in traceback.walk_stack(None))


def _wait(child: int) -> int:
    """How a child ended, which stays to be reaped."""
    ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    if ended is None:
        raise ChildProcessError(f"process {child} did not end")
    return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status


def _close_all_but(kept: int) -> None:
    """Close what was inherited, standard streams aside: a worker's connection to Spark among it."""
    folder = Path("/proc/self/fd")
    inherited = map(int, os.listdir(folder)) if folder.is_dir() else range(256)  # noqa: PTH208
    for descriptor in inherited:
        if descriptor > 2 and descriptor != kept:  # noqa: PLR2004 - standard error
            try:
                os.close(descriptor)
            except OSError:  # the one that listed them, or none
                continue


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before it could be asked for
        os._exit(0)
