"""Ends that are asked for from outside: one line, no trace, the exit code of the signal."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class StoppedError(KeyboardInterrupt):
    """The process was asked to end by SIGTERM: whatever ends at Ctrl-C ends at it too."""


def exit_code_of(stop: KeyboardInterrupt) -> int:
    """What shells expect of a process that a signal has ended: 130 or 143.

    >>> exit_code_of(KeyboardInterrupt()), exit_code_of(StoppedError())
    (130, 143)
    """
    return 128 + (signal.SIGTERM if isinstance(stop, StoppedError) else signal.SIGINT)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Raise StoppedError in the main thread at SIGTERM, until the block ends."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals go to the main thread alone
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise StoppedError
