"""Read any source file by the reader of its format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from curation.sources.formats import JSONL, PARQUET, format_of
from curation.sources.inputs.identity import Identity
from curation.sources.inputs.splits import WHOLE, Split
from curation.sources.range_reads import read_ranges
from curation.sources.table_rows import TableColumns
from curation.sources.tables import read_jsonl, read_parquet
from curation.sources.warc import MAX_BODY_BYTES, read_warc
from schemas.page import Loss, Page
from stages.base import Bytes


class Reader(Protocol):
    """Pages and losses of one file, in file order.

    ``records`` counts what the file holds, as it is found; ``skipped`` what of it holds no page.
    """

    skipped: Counter[str]
    records: int

    def __iter__(self) -> Iterator[Page | Loss]:
        """Read the file from its start."""


@dataclass(frozen=True)
class SourceOptions:
    """How sources are read."""

    max_body_bytes: Bytes = MAX_BODY_BYTES
    """Cap on a body after its transfer and content codings are undone; one over it is a loss."""
    remove_truncated: bool = False
    """Remove pages of which the crawler, or damage, left only a part."""
    archives: str = ""
    """Folder or URI below which the archives lie that a list of records names; "" is the list's own
    folder."""
    identity: Identity = Identity.MODIFIED
    """What says that an input is the one that a run has read: its size and the time of its last
    change, or its content."""
    columns: TableColumns = field(default_factory=TableColumns)


def read(path: str, options: SourceOptions, split: Split = WHOLE) -> Reader:
    """The reader for a file, or for one of its splits.

    A table is known by its suffix; anything else is read as a web archive.
    """
    limit = options.max_body_bytes
    if split.ranges:
        return read_ranges(path, split.ranges, max_body_bytes=limit)
    file_format = format_of(path)
    if file_format is PARQUET:
        return read_parquet(path, options.columns, max_body_bytes=limit)
    if file_format is JSONL:
        return read_jsonl(path, options.columns, max_body_bytes=limit)
    return read_warc(path, max_body_bytes=limit, start=split.start, end=split.end)
