"""Which form an archive's records have."""

from __future__ import annotations

import re

from curation.sources.archive.arc_format import ARC, FILE_START
from curation.sources.archive.records import Form
from curation.sources.archive.warc_format import WARC
from curation.sources.stream.window import Feed

_ARC_NAME = re.compile(r"\.arc(\.(gz|zst|lz4))?$", re.IGNORECASE)


def form_of(feed: Feed, name: str) -> Form:
    """The form of what the window begins with; the file's name decides where that is damaged."""
    feed.skip_newlines()
    feed.fill(len(FILE_START))
    if WARC.begins(feed.buffer):
        return WARC
    if feed.buffer.startswith(FILE_START) or _ARC_NAME.search(name):
        return ARC
    return WARC
