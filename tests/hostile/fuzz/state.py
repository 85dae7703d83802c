"""What a process that may be ended at any moment is at, in a file that outlives it."""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path
from typing import NoReturn

_HEAD = struct.Struct("<?QQ")  # whether it came to its end, inputs so far, bytes of the last one

MAX_INPUT_BYTES = 32 << 10


class State:
    """Mapped, so that a write is one to memory, and the system's to keep when the process is gone."""

    def __init__(self, path: Path) -> None:
        clear(path)
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self._count = 0

    def begin(self, given: bytes) -> None:
        """Say that an input is being read."""
        self._count += 1
        self._map[_HEAD.size : _HEAD.size + len(given)] = given
        _HEAD.pack_into(self._map, 0, False, self._count, len(given))

    def end(self) -> NoReturn:
        """Say that all is well, and end the process at once."""
        _HEAD.pack_into(self._map, 0, True, self._count, 0)
        os._exit(0)


def clear(path: Path) -> None:
    """Say that nothing has begun."""
    path.write_bytes(bytes(_HEAD.size + MAX_INPUT_BYTES))


def read_state(path: Path) -> tuple[bool, int, bytes]:
    """Whether the process came to its end, how many inputs it began, and the last one."""
    data = path.read_bytes()
    ended, count, length = _HEAD.unpack_from(data)
    return ended, count, data[_HEAD.size : _HEAD.size + length]
