"""What Arrow unpacks, read so that damage costs no memory."""

from __future__ import annotations

from typing import cast

import pyarrow as pa


class ArrowStream:
    """The data of a file that is packed by a codec of Arrow's. Damage raises OSError.

    ``read`` of pyarrow's own streams (26.0) makes the bytes object first and never frees it where
    the read then raises: a damaged lz4 frame cost a worker a megabyte of addresses for good.
    """

    def __init__(self, file: object, codec: str) -> None:
        self._stream = pa.CompressedInputStream(pa.PythonFile(file, mode="r"), codec)

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most ``size``; none at the end."""
        return cast("bytes", self._stream.read_buffer(size).to_pybytes())
