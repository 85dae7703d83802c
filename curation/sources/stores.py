"""Open what a path or URI names, on the local disk or in an object store, for reading."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

LOCAL_BUFFER_BYTES = 1 << 20
REMOTE_BUFFER_BYTES = 8 << 20  # one range request each: smaller ones make latency the cost


def is_uri(path: str) -> bool:
    """Whether a path names its store.

    >>> is_uri("s3://crawl/one.warc.gz"), is_uri("one.warc.gz")
    (True, False)
    """
    return "://" in path


def open_input(path: str) -> BinaryIO:
    """A seekable, buffered binary file. Raises OSError if it cannot be opened.

    Object stores take credentials and endpoint from their usual environment variables
    (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL, …).
    """
    if not is_uri(path):
        return open(path, "rb", buffering=LOCAL_BUFFER_BYTES)  # noqa: PTH123
    from pyarrow.fs import FileSystem

    store, inner = FileSystem.from_uri(path)
    # A random-access file, not an input stream: readers seek back to the start of a record.
    opened = store.open_input_file(inner)
    return cast("BinaryIO", io.BufferedReader(opened, REMOTE_BUFFER_BYTES))


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
