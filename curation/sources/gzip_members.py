"""Gzip read member by member, going on after damage at the next member."""

from __future__ import annotations

import zlib
from collections.abc import Generator
from typing import BinaryIO

from curation.sources.streams import PIECE_BYTES, RAW_BLOCK_BYTES, Events, Fault, Piece
from schemas.page import LossReason

MAGIC = b"\x1f\x8b\x08"
_GZIP = 31  # zlib's window bits for "gzip header and trailer, checked"
_RESERVED_FLAGS = 0xE0
_PROBE_BYTES = 4096
_SALVAGE_BYTES = 1 << 16
_SALVAGE_STEP = 64
_SCAN_BYTES = 1 << 20


def read_gzip(file: BinaryIO) -> Events:
    """The members of a gzip file, one after another. Zeros between or after members are padding."""
    file.seek(0)
    return GzipMembers(file).read()


def salvage(member: bytes) -> bytes:
    """What a damaged member gives before the damage, to the last 64 bytes of its input."""
    inflater = zlib.decompressobj(_GZIP)
    good = bytearray()
    try:
        for start in range(0, len(member), _SALVAGE_STEP):
            good += inflater.decompress(member[start : start + _SALVAGE_STEP], _SALVAGE_BYTES)
            if inflater.eof or len(good) >= _SALVAGE_BYTES:
                break
    except zlib.error:
        pass
    return bytes(good)


def begins(member: bytes) -> bytes | None:
    """The first bytes of what seems to be a member, or None if it is surely none."""
    if len(member) < len(MAGIC) + 1 or member[len(MAGIC)] & _RESERVED_FLAGS:
        return None
    try:
        return zlib.decompressobj(_GZIP).decompress(member, 16)
    except zlib.error:
        return None


class GzipMembers:
    """The reader's state: the file, the raw bytes not yet used, and where they lie."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._raw = b""
        self._at = 0  # file offset of the first byte of _raw
        self._members = 0
        self._of_records = 0  # members that begin with a record

    def read(self) -> Events:
        """Pieces and faults to the end of the file."""
        while self._skip_padding():
            member = self._at
            fault: Fault | None
            if self._raw.startswith(MAGIC[:2]) or not self._members:
                fault = yield from self._inflate(member)
            else:
                fault = Fault(member, LossReason.DAMAGED_RECORD, "no gzip member starts here")
            if fault is not None:
                yield fault
                if fault.reason is LossReason.TRUNCATED_FILE or not self._resynchronise(member + 1):
                    return

    def _inflate(self, member: int) -> Generator[Piece, None, Fault | None]:
        """Yield the pieces of one member; return the fault that ended it early, if one did."""
        inflater = zlib.decompressobj(_GZIP)
        starts = True
        while not inflater.eof:
            raw = self._take()
            if not raw:
                return Fault(
                    member, LossReason.TRUNCATED_FILE, "the file ends inside a gzip member"
                )
            try:
                data = inflater.decompress(raw, PIECE_BYTES)
            except zlib.error as error:
                if starts:
                    self._file.seek(member)
                    yield Piece(salvage(self._file.read(_SALVAGE_BYTES)), member, starts=True)
                return Fault(member, LossReason.DAMAGED_RECORD, f"gzip member: {error}")
            self._give_back(inflater.unused_data if inflater.eof else inflater.unconsumed_tail)
            if data:
                if starts:
                    self._members += 1
                    self._of_records += data.startswith(b"WARC/")
                yield Piece(data, member, starts)
                starts = False
        return None

    def _resynchronise(self, start: int) -> bool:
        """Go to the next member from ``start`` on; False if there is none.

        Where every member so far held one record, so must the next: the bodies of responses may be
        gzip too, and stored as they are.
        """
        per_record = self._members > 1 and self._members == self._of_records
        self._file.seek(start)
        window, at = b"", start
        while block := self._file.read(_SCAN_BYTES):
            window += block
            found = window.find(MAGIC)
            while found >= 0:
                head = self._probe(at + found)
                if head and (head.startswith(b"WARC/") or not per_record):
                    self._seek(at + found)
                    return True
                found = window.find(MAGIC, found + 1)
            kept = len(MAGIC) - 1
            at += len(window) - kept
            window = window[-kept:]
            self._file.seek(at + kept)
        return False

    def _probe(self, offset: int) -> bytes | None:
        self._file.seek(offset)
        return begins(self._file.read(_PROBE_BYTES))

    def _skip_padding(self) -> bool:
        """Pass over zeros; False at the end of the file."""
        while self._raw or self._refill():
            left = self._raw.lstrip(b"\0")
            self._at += len(self._raw) - len(left)
            self._raw = left
            if left:
                return True
        return False

    def _refill(self) -> bool:
        self._raw = self._file.read(RAW_BLOCK_BYTES)
        return bool(self._raw)

    def _take(self) -> bytes:
        if not self._raw:
            self._refill()
        raw, self._raw = self._raw, b""
        self._at += len(raw)
        return raw

    def _give_back(self, raw: bytes) -> None:
        self._raw = raw
        self._at -= len(raw)

    def _seek(self, offset: int) -> None:
        self._file.seek(offset)
        self._raw, self._at = b"", offset
