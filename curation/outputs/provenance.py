"""Where an exported document came from, in words that mean something on another machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

_DATE = re.compile(
    r"(\d{4})(?:-?(\d{2})(?:-?(\d{2})(?:T?(\d{2}):?(\d{2}):?(\d{2})(?:\.(\d{1,9}))?Z?)?)?)?",
    re.ASCII,
)


def common_folder(paths: Iterable[str]) -> str:
    """The deepest folder that all files lie in; "" if there is none.

    >>> common_folder(["/data/crawl/a/1.warc.gz", "/data/crawl/b/2.warc.gz"])
    '/data/crawl'
    >>> common_folder(["s3://bucket/1.warc", "/data/1.warc"])
    ''
    """
    folders = {path.rpartition("/")[0] for path in paths}
    if not folders:
        return ""
    first, last = (folder.split("/") for folder in (min(folders), max(folders)))
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    return "/".join(first[:shared])


def relative_name(source: str, root: str) -> str:
    """The name of a file below a folder; that of a file elsewhere, or of no folder, alone.

    >>> relative_name("/data/crawl/a/1.warc.gz", "/data/crawl/")
    'a/1.warc.gz'
    >>> relative_name("/elsewhere/1.warc.gz", "/data/crawl")
    '1.warc.gz'
    """
    start = root.rstrip("/") + "/"
    if root and source.startswith(start):
        return source[len(start) :]
    return source.rpartition("/")[2]


def moment(date: str | None) -> datetime | None:
    """When a page was captured: WARC's dates of any precision, CDX's of 14 digits; None for junk.

    What a date leaves out is the first of its kind, as in ISO 28500.

    >>> moment("2024-03-01T05:06:07.25Z").isoformat()
    '2024-03-01T05:06:07.250000+00:00'
    >>> moment("2016").isoformat(), moment("soon")
    ('2016-01-01T00:00:00+00:00', None)
    """
    found = _DATE.fullmatch(date or "")
    if not found:
        return None
    year, month, day, hour, minute, second, fraction = found.groups()
    micros = int((fraction or "0").ljust(6, "0")[:6])
    given = (int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0))
    try:
        return datetime(*given, int(second or 0), micros, tzinfo=UTC)
    except ValueError:  # a 13th month
        return None


def cuts_of(edits: Sequence[dict[str, object]] | None) -> list[dict[str, object]]:
    """How many lines each stage cut for each reason, not what they said.

    >>> cuts_of([{"stage": "rules", "reason": "prompt", "line": 3, "text": "Log in"}])
    [{'stage': 'rules', 'reason': 'prompt', 'lines': 1}]
    """
    counts: dict[tuple[object, object], int] = {}
    for edit in edits or ():
        key = (edit["stage"], edit["reason"])
        counts[key] = counts.get(key, 0) + 1
    return [
        {"stage": stage, "reason": reason, "lines": lines}
        for (stage, reason), lines in counts.items()
    ]


def finite(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Numbers, null for those that are none or infinite; any other column as it is."""
    if not pa.types.is_floating(column.type):
        return column
    return pc.if_else(pc.is_finite(column), column, None)
