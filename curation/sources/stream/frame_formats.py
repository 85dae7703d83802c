"""The frame formats zstd and lz4: where a frame ends, and how it is unpacked."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

import zstandard

from curation.sources.stream.arrow_stream import ArrowStream

MAGIC_BYTES = 4
DICTIONARY_FRAME = b"\x5d\x2a\x4d\x18"  # one of the skippable ones, that a .warc.zst may start with
_SKIPPABLE = frozenset(bytes([0x50 + low, 0x2A, 0x4D, 0x18]) for low in range(16))
_DICTIONARY = b"\x37\xa4\x30\xec"  # how what it holds begins, unless that is packed
_MAX_DICTIONARY_BYTES = 64 << 20

Dictionary = zstandard.ZstdCompressionDict
UNPACKING_ERRORS = (OSError, zstandard.ZstdError)


class CutShortError(ValueError):
    """The file ends inside a frame."""


class NoFrameError(ValueError):
    """What stands here is no frame."""


class Unpacked(Protocol):
    """The data of one frame. What is damaged raises one of ``UNPACKING_ERRORS``."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most ``size``; none at the end."""


@dataclass(frozen=True, slots=True)
class FrameFormat:
    """A frame format: its name and magic number, how to find a frame's end, and how to unpack it.

    ``unpack`` takes a frame and the dictionary that the frames of its file share, if they do.
    """

    name: str
    magic: bytes
    pass_frame: Callable[[BinaryIO], None]
    unpack: Callable[[io.RawIOBase, Dictionary | None], Unpacked]

    def frame_end(self, file: BinaryIO, magic: bytes) -> int:
        """Where the frame ends whose magic number was just read.

        Raises CutShortError if the file ends before it does, NoFrameError if it is none.
        """
        if magic == self.magic:
            self.pass_frame(file)
        elif magic in _SKIPPABLE:
            _pass(file, struct.unpack("<I", _take(file, 4))[0])
        elif self.magic.startswith(magic):
            raise CutShortError
        else:
            raise NoFrameError(f"no {self.name} frame starts here")
        return file.tell()


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


def dictionary_at(file: BinaryIO, start: int) -> Dictionary | None:
    """The dictionary in the frame that starts here, if it is a dictionary frame.

    A .warc.zst may begin with one, itself packed or not (IIPC, Zstandard Compression for WARC Files
    1.0). Raises NoFrameError if that cannot be undone.
    """
    file.seek(start)
    head = file.read(MAGIC_BYTES + 4)
    if not head.startswith(DICTIONARY_FRAME):
        return None
    data = file.read(min(int.from_bytes(head[MAGIC_BYTES:], "little"), _MAX_DICTIONARY_BYTES))
    if data.startswith(ZSTD.magic):
        try:
            data = zstandard.ZstdDecompressor().stream_reader(data).read(_MAX_DICTIONARY_BYTES)
        except zstandard.ZstdError as error:
            raise NoFrameError(f"the dictionary cannot be unpacked: {error}") from error
    return Dictionary(data) if data.startswith(_DICTIONARY) else None


def _unpack_zstd(frame: io.RawIOBase, dictionary: Dictionary | None) -> Unpacked:
    return zstandard.ZstdDecompressor(dict_data=dictionary).stream_reader(cast("BinaryIO", frame))


def _unpack_lz4(frame: io.RawIOBase, _dictionary: Dictionary | None) -> Unpacked:
    return ArrowStream(frame, "lz4")


ZSTD = FrameFormat("zstd", b"\x28\xb5\x2f\xfd", pass_zstd_frame, _unpack_zstd)
LZ4 = FrameFormat("lz4", b"\x04\x22\x4d\x18", pass_lz4_frame, _unpack_lz4)
