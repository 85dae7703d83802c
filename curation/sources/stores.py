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
