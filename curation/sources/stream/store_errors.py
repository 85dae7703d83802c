"""A file that remembers whether its store failed."""

from __future__ import annotations

import io
from typing import BinaryIO


class Watched(io.RawIOBase):
    """A file that remembers a failure of its store, for readers that give data errors its type."""

    def __init__(self, file: BinaryIO | io.RawIOBase) -> None:
        super().__init__()
        self._file = file
        self.failure: OSError | None = None

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def seekable(self) -> bool:
        """Whether it can be moved in: yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        try:
            return self._file.read(size) or b""
        except OSError as error:
            self.failure = error
            raise

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The place."""
        return self._file.tell()
