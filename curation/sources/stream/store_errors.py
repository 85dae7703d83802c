"""Errors of the store that a file lies in, as opposed to damage in the file."""

from __future__ import annotations

import io
from typing import BinaryIO

PERMANENT_ERRORS = (FileNotFoundError, PermissionError, IsADirectoryError)
"""What opening a file raises if trying again would not help: the file is a loss. Any other OSError
comes from the store and is raised, so that the task is tried again."""


class ErrorTrackingFile(io.RawIOBase):
    """A file that keeps its store's last error: some decoders raise OSError for damage too."""

    def __init__(self, file: BinaryIO | io.RawIOBase) -> None:
        super().__init__()
        self._file = file
        self.store_error: OSError | None = None

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
            self.store_error = error
            raise

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to an offset."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The offset."""
        return self._file.tell()
