"""Which format an archive's records have."""

from __future__ import annotations

from curation.sources import formats
from curation.sources.archive.arc_format import ARC, FILE_START
from curation.sources.archive.records import RecordFormat
from curation.sources.archive.warc_format import WARC
from curation.sources.stream.window import Window


def record_format_by_name(path: str) -> RecordFormat:
    """The format of the records in a file of this name."""
    return ARC if formats.format_of(path) is formats.ARC else WARC


def record_format_of(window: Window, path: str) -> RecordFormat:
    """The format of what the window begins with; the file's name decides where that is damaged."""
    window.skip_newlines()
    window.fill(len(FILE_START))
    if WARC.begins(window.buffer):
        return WARC
    if window.buffer.startswith(FILE_START):
        return ARC
    return record_format_by_name(path)


def begins_record(record_format: RecordFormat, member: bytes) -> bool:
    """Whether a record begins a compressed member of which these are the first bytes, unpacked.

    Some writers put the line ends that separate two records before the second.
    """
    return record_format.begins(member.lstrip(b"\r\n"))
