"""The child's life: limit itself, then answer items until the parent closes the pipe."""

from __future__ import annotations

import os
import pickle
import resource
import sys
import traceback
from pathlib import Path
from typing import IO, NoReturn

from stages.sandbox.messages import (
    EXIT_OUT_OF_MEMORY,
    LENGTH,
    OUT_OF_MEMORY,
    Answer,
    Failure,
    FailureReason,
    Function,
    Item,
    Value,
)


def serve(
    function: Function[Item, Value], items: int, answers: int, max_memory_bytes: int
) -> NoReturn:
    """Answer the items of a pipe; the process ends with it, and with what is no Exception."""
    try:
        receive, send = os.fdopen(items, "rb"), os.fdopen(answers, "wb")
        _limit_memory(max_memory_bytes)
        while True:
            _send(send, _answer(function, receive))
    except SystemExit as error:
        os._exit(error.code if isinstance(error.code, int) else 1)
    except BrokenPipeError:  # whoever asked has ended, or waits no longer
        os._exit(0)
    except BaseException:  # noqa: BLE001 - the last frame of this process
        traceback.print_exc()
    finally:
        os._exit(1)


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


def mapped_bytes() -> int:
    """What this process has mapped, on Linux."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _limit_memory(max_bytes: int) -> None:
    """Let the process map so much more than it has now: it has its server's memory, shared."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        limit = mapped_bytes() + max_bytes
        inherited = resource.getrlimit(resource.RLIMIT_AS)[1]
        if inherited != resource.RLIM_INFINITY:
            limit = min(limit, inherited)  # of a sandbox that this one is in
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
