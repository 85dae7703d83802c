"""Zstd and lz4 read frame by frame: their block sizes tell where a frame ends before it is decoded.

So a cut or damaged frame is known as such, whatever the decoder says of it, and reading goes on at
the next one.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa

from curation.sources.streams import PIECE_BYTES, Events, Fault, Piece
from curation.sources.watched import Watched
from schemas.page import LossReason

_SKIPPABLE = frozenset(bytes([0x50 + low, 0x2A, 0x4D, 0x18]) for low in range(16))
_MAGIC_BYTES = 4
_SCAN_BYTES = 1 << 20
_HELD_FRAME_BYTES = 8 << 20  # smaller frames are decoded from memory
_DICTIONARY_ADVICE = "; dictionaries are not read: unpack the file with `zstd -d` first"


class CutShortError(ValueError):
    """The file ends inside a frame."""


class NoFrameError(ValueError):
    """What stands here is no frame."""


@dataclass(frozen=True, slots=True)
class Format:
    """A frame format: its magic number, pyarrow's name for it, and how to find a frame's end."""

    magic: bytes
    codec: str
    pass_frame: Callable[[BinaryIO], None]


def _take(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise CutShortError
    return data


def _pass(file: BinaryIO, size: int) -> None:
    if size:
        file.seek(size - 1, io.SEEK_CUR)
        _take(file, 1)


def pass_zstd_frame(file: BinaryIO) -> None:
    """Go from behind the magic number to the end of a zstd frame (RFC 8878, section 3.1.1)."""
    descriptor = _take(file, 1)[0]
    single_segment = descriptor >> 5 & 1
    if descriptor & 8:
        raise NoFrameError("a reserved bit of the zstd frame header is set")
    dictionary_bytes = (0, 1, 2, 4)[descriptor & 3]
    content_size_bytes = (single_segment, 2, 4, 8)[descriptor >> 6]
    _pass(file, (1 - single_segment) + dictionary_bytes + content_size_bytes)
    last = False
    while not last:
        header = int.from_bytes(_take(file, 3), "little")
        last, kind, size = bool(header & 1), header >> 1 & 3, header >> 3
        if kind == 3:  # noqa: PLR2004
            raise NoFrameError("a zstd block of the reserved type")
        _pass(file, 1 if kind == 1 else size)
    _pass(file, 4 if descriptor >> 2 & 1 else 0)


def pass_lz4_frame(file: BinaryIO) -> None:
    """Go from behind the magic number to the end of an lz4 frame (LZ4 frame format 1.6)."""
    flags, _ = _take(file, 2)
    if flags >> 6 != 1:
        raise NoFrameError(f"lz4 frame version {flags >> 6}")
    _pass(file, (8 if flags & 8 else 0) + (4 if flags & 1 else 0) + 1)
    while size := struct.unpack("<I", _take(file, 4))[0]:
        _pass(file, (size & 0x7FFFFFFF) + (4 if flags & 16 else 0))
    _pass(file, 4 if flags & 4 else 0)


ZSTD = Format(b"\x28\xb5\x2f\xfd", "zstd", pass_zstd_frame)
LZ4 = Format(b"\x04\x22\x4d\x18", "lz4", pass_lz4_frame)


def read_frames(file: BinaryIO, form: Format) -> Events:
    """The frames of a file, one after another; skippable frames are passed over."""
    start: int | None = 0
    while start is not None:
        file.seek(start)
        magic = file.read(_MAGIC_BYTES)
        if not magic:
            return
        try:
            end = _frame_end(file, form, magic)
            fault = (yield from _decode(file, form, start, end)) if magic == form.magic else None
            following: int | None = end
        except CutShortError:
            yield from _decode(file, form, start, file.seek(0, io.SEEK_END))
            detail = f"the file ends inside a {form.codec} frame"
            fault = Fault(start, LossReason.TRUNCATED_FILE, detail)
        except NoFrameError as error:
            fault = Fault(start, LossReason.DAMAGED_RECORD, str(error))
        if fault is not None:
            following = _next_frame(file, form, start + 1)
            if following is not None and fault.reason is LossReason.TRUNCATED_FILE:
                # Damage can look like a frame without end; if others follow, the file is not cut.
                detail = f"a {form.codec} frame does not end"
                fault = Fault(start, LossReason.DAMAGED_RECORD, detail)
            yield fault
        start = following


def _frame_end(file: BinaryIO, form: Format, magic: bytes) -> int:
    if magic == form.magic:
        form.pass_frame(file)
    elif magic in _SKIPPABLE:
        _pass(file, struct.unpack("<I", _take(file, 4))[0])
    elif form.magic.startswith(magic):
        raise CutShortError
    else:
        raise NoFrameError(f"no {form.codec} frame starts here")
    return file.tell()


def _decode(
    file: BinaryIO, form: Format, start: int, end: int
) -> Generator[Piece, None, Fault | None]:
    """Yield the pieces of one frame; return the fault if it is damaged."""
    stretch = Stretch(file, start, end)
    is_small = end - start <= _HELD_FRAME_BYTES
    raw = Watched(io.BytesIO(stretch.read()) if is_small else stretch)
    try:
        yield from _pieces(raw, form, start)
    except OSError as error:
        if raw.failure is not None:
            raise
        advice = _DICTIONARY_ADVICE if "Dictionary" in str(error) else ""
        return Fault(start, LossReason.DAMAGED_RECORD, f"{form.codec} frame: {error}{advice}")
    return None


def _pieces(raw: io.RawIOBase, form: Format, start: int) -> Iterator[Piece]:
    stream = pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), form.codec)
    starts = True
    while data := stream.read(PIECE_BYTES):
        yield Piece(data, start, starts)
        starts = False


def _next_frame(file: BinaryIO, form: Format, start: int) -> int | None:
    """Where the next frame that can be walked to its end starts, if there is one."""
    file.seek(start)
    window, at = b"", start
    while block := file.read(_SCAN_BYTES):
        window += block
        found = window.find(form.magic)
        while found >= 0:
            if _can_be_walked(file, form, at + found):
                return at + found
            found = window.find(form.magic, found + 1)
        kept = _MAGIC_BYTES - 1
        at += len(window) - kept
        window = window[-kept:]
        file.seek(at + kept)
    return None


def _can_be_walked(file: BinaryIO, form: Format, offset: int) -> bool:
    file.seek(offset + _MAGIC_BYTES)
    try:
        form.pass_frame(file)
    except NoFrameError:
        return False
    except CutShortError:
        return True  # the last frame of a truncated file
    return True


class Stretch(io.RawIOBase):
    """A part of a file, as a file of its own."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        super().__init__()
        self._file = file
        self._at, self._end = start, end

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most ``size``."""
        left = self._end - self._at
        self._file.seek(self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data
