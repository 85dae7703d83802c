"""What a file holds once its compression is undone: a run of pieces, interrupted by faults.

Every decoder yields ``DecodedPiece`` and ``DecodingFault`` in file order. Pieces up to a fault are
good data; what follows it starts afresh at the next member that could be found. Only data makes a
fault: an OSError from the store is raised, because a retry may do better.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from schemas.page import LossReason

PIECE_BYTES = 1 << 20  # the most that one step of a decoder puts out, whatever its input claims
RAW_BLOCK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class DecodedPiece:
    """DecodedBody bytes. ``offset`` is where their member starts in the file.

    ``starts`` is true for the first piece of a member (of the file, where there is no compression).
    An empty one that starts a member says where the last one ended.
    """

    data: bytes
    offset: int
    starts: bool


@dataclass(frozen=True, slots=True)
class DecodingFault:
    """Where decoding could not go on: the offset of the member concerned, and what was wrong."""

    offset: int
    reason: LossReason
    detail: str


Events = Iterator[DecodedPiece | DecodingFault]


def read_plain(file: BinaryIO) -> Events:
    """A file without compression, in blocks."""
    file.seek(0)
    offset = 0
    while block := file.read(RAW_BLOCK_BYTES):
        yield DecodedPiece(block, offset, starts=offset == 0)
        offset += len(block)
