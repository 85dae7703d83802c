"""The child's life: read the setup, then answer items until the parent closes the pipe."""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import sys
from typing import IO

from stages.sandbox.messages import (
    EXIT_OUT_OF_MEMORY,
    LENGTH,
    OUT_OF_MEMORY,
    Answer,
    Failure,
    FailureReason,
    Function,
    Item,
    Setup,
    Value,
)

PR_SET_PDEATHSIG = 1


def serve() -> None:
    """Never returns: the process ends with its input."""
    receive, send = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get among the answers
    _die_with_parent()
    setup: Setup[object, object] = pickle.loads(_receive(receive))  # noqa: S301 -- our own parent's
    function = setup.factory()
    _limit_memory(setup.max_memory_bytes)
    _send(send, Answer(None))
    while True:
        _send(send, _answer(function, receive))


def _answer(function: Function[Item, Value], receive: IO[bytes]) -> Answer[Value] | Failure:
    try:
        return Answer(function(pickle.loads(_receive(receive))))  # noqa: S301 -- our own parent's
    except MemoryError:
        return OUT_OF_MEMORY
    # Whatever the function raises is about this item; the parent decides what it means.
    except Exception as error:  # noqa: BLE001
        return Failure(FailureReason.RAISED, f"{type(error).__name__}: {error}"[:300])


def _receive(stream: IO[bytes]) -> bytes:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        os._exit(0)
    try:
        return stream.read(LENGTH.unpack(head)[0])
    except MemoryError:
        os._exit(EXIT_OUT_OF_MEMORY)


def _send(stream: IO[bytes], outcome: Answer[Value] | Failure) -> None:
    data = pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory(max_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (max_bytes, max_bytes))
