"""Zstd and lz4 read frame by frame: their block sizes tell where a frame ends before it is decoded.

So a cut or damaged frame is known as such, whatever the decoder says of it, and reading goes on at
the next one.
"""

from __future__ import annotations

import io
from collections.abc import Generator
from typing import BinaryIO

from curation.sources.stream.events import PIECE_BYTES, DecodedPiece, DecodingFault, Events
from curation.sources.stream.frame_formats import (
    MAGIC_BYTES,
    UNPACKING_ERRORS,
    CutShortError,
    Dictionary,
    FrameFormat,
    NoFrameError,
    dictionary_at,
)
from curation.sources.stream.scan import find_all
from curation.sources.stream.store_errors import ErrorTrackingFile
from schemas.page import LossReason

_HELD_FRAME_BYTES = 8 << 20  # smaller frames are decoded from memory


def read_frames(
    file: BinaryIO, frame_format: FrameFormat, dictionary: Dictionary | None = None
) -> Events:
    """The frames of a file, one after another; skippable frames are passed over.

    The dictionary of a dictionary frame is that of all frames behind it. ``dictionary`` is that of
    the frames before the first of these, for a file that is a part of another.
    """
    return FrameReader(file, frame_format, dictionary).read()


class FrameReader:
    """The reader's state: the file, its format, and the dictionary of the next frame."""

    def __init__(
        self, file: BinaryIO, frame_format: FrameFormat, dictionary: Dictionary | None
    ) -> None:
        self._file = file
        self._format = frame_format
        self._dictionary = dictionary

    def read(self) -> Events:
        """Pieces and faults to the end of the file."""
        start: int | None = 0
        while start is not None:
            self._file.seek(start)
            magic = self._file.read(MAGIC_BYTES)
            if not magic:
                yield DecodedPiece(b"", start, starts=True)
                return
            try:
                end = self._format.frame_end(self._file, magic)
                following: int | None = end
                fault = None
                if magic == self._format.magic:
                    fault = yield from self._decode(start, end)
                else:
                    self._dictionary = dictionary_at(self._file, start) or self._dictionary
            except CutShortError:
                yield from self._decode(start, self._file.seek(0, io.SEEK_END))
                detail = f"the file ends inside a {self._format.name} frame"
                fault = DecodingFault(start, LossReason.TRUNCATED_FILE, detail)
            except NoFrameError as error:
                fault = DecodingFault(start, LossReason.DAMAGED_RECORD, str(error))
            if fault is not None:
                following = self._next_frame(start + 1)
                if following is not None and fault.reason is LossReason.TRUNCATED_FILE:
                    # Damage can look like a frame without end; if others follow, it is not cut.
                    detail = f"a {self._format.name} frame does not end"
                    fault = DecodingFault(start, LossReason.DAMAGED_RECORD, detail)
                yield fault
            start = following

    def _decode(self, start: int, end: int) -> Generator[DecodedPiece, None, DecodingFault | None]:
        """Yield the pieces of one frame; return the fault if it is damaged."""
        frame = FilePart(self._file, start, end)
        is_small = end - start <= _HELD_FRAME_BYTES
        raw = ErrorTrackingFile(io.BytesIO(frame.read()) if is_small else frame)
        starts = True
        try:
            unpacked = self._format.unpack(raw, self._dictionary)
            while data := unpacked.read(PIECE_BYTES):
                yield DecodedPiece(data, start, starts)
                starts = False
        except UNPACKING_ERRORS as error:
            if raw.store_error is not None:
                raise
            return DecodingFault(
                start, LossReason.DAMAGED_RECORD, f"{self._format.name} frame: {error}"
            )
        return None

    def _next_frame(self, start: int) -> int | None:
        """Where the next frame that can be walked to its end starts, if there is one."""
        found = find_all(self._file, self._format.magic, start)
        return next((offset for offset in found if self._can_be_walked(offset)), None)

    def _can_be_walked(self, offset: int) -> bool:
        self._file.seek(offset + MAGIC_BYTES)
        try:
            self._format.pass_frame(self._file)
        except NoFrameError:
            return False
        except CutShortError:
            return True  # the last frame of a truncated file
        return True


class FilePart(io.RawIOBase):
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
