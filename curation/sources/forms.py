"""Which form an archive's records have."""

from __future__ import annotations

import re

from curation.sources.arc_form import ARC, FILE_START
from curation.sources.feed import Feed
from curation.sources.records import Form
from curation.sources.warc_form import WARC

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
