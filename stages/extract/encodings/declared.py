"""What a page says of its own charset."""

from __future__ import annotations

import re

from stages.extract.encodings.labels import encoding_of

PRESCAN_BYTES = 1 << 14
"""The standard looks at 1,024; real pages put scripts before their meta."""

_META = re.compile(rb"<meta\b[^>]{0,500}?\bcharset\s*+=\s*+(?:[\"']\s*+)?([\w.:-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)


def declared_in(body: bytes) -> str | None:
    """The first label that means something in the page's XML declaration or ``meta`` elements.

    >>> declared_in(b'<!-- <meta charset="big5"> --><meta charset=none><meta charset=gbk>')
    'gbk'
    """
    head = _without_comments(body[:PRESCAN_BYTES])
    found = [*filter(None, [_XML.search(head)]), *_META.finditer(head)]
    labels = (match[1].decode("ascii", "ignore") for match in found)
    return next(filter(encoding_of, labels), None)


def _without_comments(head: bytes) -> bytes:
    """The bytes outside of comments; a comment without an end is none."""
    kept, at = [], 0
    while (start := head.find(b"<!--", at)) >= 0 and (end := head.find(b"-->", start)) >= 0:
        kept.append(head[at:start])
        at = end + 3
    return b"".join((*kept, head[at:]))
