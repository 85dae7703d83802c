"""Gzip read member by member, going on after damage at the next member."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, BinaryIO

from curation.sources.stream.events import (
    PIECE_BYTES,
    RAW_BLOCK_BYTES,
    DecodedPiece,
    DecodingFault,
    Events,
)
from curation.sources.stream.scan import find_all
from schemas.page import LossReason

if TYPE_CHECKING:
    from zlib import _Decompress as Inflater

MAGIC = b"\x1f\x8b\x08"
_GZIP = 31  # zlib's window bits for "gzip header and trailer, checked"
_RESERVED_FLAGS = 0xE0
_PROBE_BYTES = 4096  # of a member, packed and unpacked: enough to see whether a record begins
_SALVAGE_STEP = 64
_MAX_ENDLESS = 16  # members without end that are gone back behind: each costs the rest of the file


BeginsRecord = Callable[[bytes], bool]
"""Whether a record begins with these bytes, the first of a member."""


def read_gzip(
    file: BinaryIO,
    start: int = 0,
    end: int | None = None,
    begins_record: BeginsRecord = lambda _: False,
) -> Events:
    """The members of a gzip file, one after another. Zeros between or after members are padding.

    With a range, reading goes from the first member at or after ``start`` that begins with a record
    to the first such at or after ``end``: adjoining ranges give each record to exactly one of them,
    and what is damaged between two records to the range that has the first.
    """
    return GzipMembers(file, start, end, begins_record).read()


def salvage(inflater: Inflater, raw: bytes) -> bytes:
    """What damaged input gives before the damage, to the last 64 bytes of it."""
    good = bytearray()
    try:
        for start in range(0, len(raw), _SALVAGE_STEP):
            good += inflater.decompress(raw[start : start + _SALVAGE_STEP])
            if inflater.eof or len(good) >= PIECE_BYTES:
                break
    except zlib.error:
        pass
    return bytes(good)


def first_bytes(member: bytes) -> bytes | None:
    """The first bytes of what seems to be a member, or None if it is surely none."""
    if len(member) < len(MAGIC) + 1 or member[len(MAGIC)] & _RESERVED_FLAGS:
        return None
    try:
        return zlib.decompressobj(_GZIP).decompress(member, _PROBE_BYTES)
    except zlib.error:
        return None


class GzipMembers:
    """The reader's state: the file, the raw bytes not yet used, and where they lie."""

    def __init__(
        self, file: BinaryIO, start: int, end: int | None, begins_record: BeginsRecord
    ) -> None:
        self._file = file
        self._start, self._end = start, end
        self._begins_record = begins_record
        self._raw = b""
        self._at = 0  # file offset of the first byte of _raw
        self._members = 0
        self._of_records = 0  # members that begin with a record

    def read(self) -> Events:
        """Pieces and faults to the end of the range."""
        if not self._go_to_start():
            return
        endless = 0
        while self._skip_padding():
            member = self._at
            if self._is_past_end(member):
                break
            fault = yield from self._inflate(member)
            if fault is None:
                continue
            is_endless = fault.reason is LossReason.TRUNCATED_FILE
            endless += is_endless
            # Damage can look like a member without end; if others follow, the file is not cut.
            found = endless <= _MAX_ENDLESS and self._resynchronise(member + 1)
            if is_endless and found:
                fault = DecodingFault(
                    member, LossReason.DAMAGED_RECORD, "a gzip member does not end"
                )
            yield fault
            if not found:
                return
        yield DecodedPiece(b"", self._at, starts=True)

    def _go_to_start(self) -> bool:
        found: int | None = 0
        if self._start:
            found = self._find_member(self._start, of_record=True, stop=self._end)
        if found is None:
            return False
        self._seek(found)
        return True

    def _is_past_end(self, member: int) -> bool:
        if self._end is None or member < self._end:
            return False
        is_record = self._begins_record(self._probe(member) or b"")
        self._seek(member)
        return is_record

    def _inflate(self, member: int) -> Generator[DecodedPiece, None, DecodingFault | None]:
        """Yield the pieces of one member; return the fault that ended it early, if one did."""
        if not self._raw.startswith(MAGIC[: len(self._raw)]):
            return DecodingFault(member, LossReason.DAMAGED_RECORD, "no gzip member starts here")
        inflater = zlib.decompressobj(_GZIP)
        starts = True
        while not inflater.eof:
            raw = self._take()
            if not raw:
                return DecodingFault(
                    member, LossReason.TRUNCATED_FILE, "the file ends inside a gzip member"
                )
            # zlib keeps what it had when it fails. Most members take one call and need no copy.
            before = None if starts else inflater.copy()
            try:
                data = inflater.decompress(raw, PIECE_BYTES)
            except zlib.error as error:
                good = salvage(before or zlib.decompressobj(_GZIP), raw)
                yield DecodedPiece(good, member, starts)
                return DecodingFault(member, LossReason.DAMAGED_RECORD, f"gzip member: {error}")
            self._give_back(inflater.unused_data if inflater.eof else inflater.unconsumed_tail)
            if data:
                if starts:
                    self._members += 1
                    self._of_records += self._begins_record(data)
                yield DecodedPiece(data, member, starts)
                starts = False
        return None

    def _resynchronise(self, start: int) -> bool:
        """Go to the next member from ``start`` on; False if there is none.

        One that begins with a record is looked for first: the body of a response may be gzip too,
        and stored as it is. Only where members are known to be cut elsewhere, or none begins with
        a record, will any member do.
        """
        per_record = self._members == self._of_records
        found = self._find_member(start, of_record=per_record)
        if found is None and per_record and self._members <= 1:
            found = self._find_member(start, of_record=False)
        if found is None:
            return False
        self._seek(found)
        return True

    def _find_member(self, start: int, *, of_record: bool, stop: int | None = None) -> int | None:
        for offset in find_all(self._file, MAGIC, start, stop):
            head = self._probe(offset)
            if head and (not of_record or self._begins_record(head)):
                return offset
        return None

    def _probe(self, offset: int) -> bytes | None:
        self._file.seek(offset)
        return first_bytes(self._file.read(_PROBE_BYTES))

    def _skip_padding(self) -> bool:
        """Pass over zeros; False at the end of the file."""
        while True:
            left = self._raw.lstrip(b"\0")
            self._at += len(self._raw) - len(left)
            self._raw = left
            if len(left) >= len(MAGIC):
                return True
            more = self._file.read(RAW_BLOCK_BYTES)
            if not more:
                return bool(left)
            self._raw += more

    def _take(self) -> bytes:
        raw, self._raw = self._raw or self._file.read(RAW_BLOCK_BYTES), b""
        self._at += len(raw)
        return raw

    def _give_back(self, raw: bytes) -> None:
        self._raw = raw
        self._at -= len(raw)

    def _seek(self, offset: int) -> None:
        self._file.seek(offset)
        self._raw, self._at = b"", offset
