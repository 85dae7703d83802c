"""Which format an archive's records have."""

from __future__ import annotations

from curation.sources import formats
from curation.sources.archive.arc_format import ARC, FILE_START
from curation.sources.archive.records import Form
from curation.sources.archive.warc_format import WARC
from curation.sources.stream.window import Feed


def form_by_name(path: str) -> Form:
    """The format of the records in a file of this name."""
    return ARC if formats.format_of(path) is formats.ARC else WARC


def form_of(feed: Feed, path: str) -> Form:
    """The format of what the window begins with; the file's name decides where that is damaged."""
    feed.skip_newlines()
    feed.fill(len(FILE_START))
    if WARC.begins(feed.buffer):
        return WARC
    if feed.buffer.startswith(FILE_START):
        return ARC
    return form_by_name(path)


def begins_record(form: Form, member: bytes) -> bool:
    """Whether a record begins a compressed member of which these are the first bytes, unpacked.

    Some writers put the line ends that separate two records before the second.
    """
    return form.begins(member.lstrip(b"\r\n"))
