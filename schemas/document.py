"""The columns of a document on its way, and the schema of what a step writes."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from schemas.verdict import VERDICT_FIELDS

SOURCE_COLUMNS: Mapping[str, pa.DataType] = {
    "doc_id": pa.string(),
    "url": pa.string(),
    "date": pa.string(),
    "batch": pa.string(),
    "source": pa.string(),
    "offset": pa.int64(),
    "record_length": pa.int64(),  # in the file, from offset on; null where it cannot be read alone
    "record_id": pa.string(),
    "position": pa.int64(),  # crawl order within the batch: file number << 41 | offset
    "status": pa.int32(),
    "content_type": pa.string(),
    "http_charset": pa.string(),
    "truncated": pa.string(),
    "x_robots_tag": pa.string(),
    "tdm_reservation": pa.string(),
    "body": pa.binary(),
    "title": pa.string(),
    "text": pa.string(),
}
"""What a source gives every document stage; ``body`` lives only in the crossing that read it."""

TRANSIENT = frozenset({"body"})

OFFSET_BITS = 41  # files up to 2 TiB, 4 million files a batch


def crawl_position(file_number: int, offset: int) -> int:
    """The place of a record in crawl order, as one sortable 63-bit integer.

    >>> crawl_position(1, 0) > crawl_position(0, 2**40)
    True
    """
    return (file_number << OFFSET_BITS) | offset


def document_schema(columns: Mapping[str, pa.DataType]) -> pa.Schema:
    """The Arrow schema of a step's rows: its columns but the transient ones, then the verdict's."""
    kept = [pa.field(name, kind) for name, kind in columns.items() if name not in TRANSIENT]
    return pa.schema([*kept, *VERDICT_FIELDS])
