"""A packed sequence of tokens, as its Parquet file holds it."""

from __future__ import annotations

import pyarrow as pa

PACKED_SEQUENCE = pa.schema(
    [
        ("input_ids", pa.list_(pa.int32())),
        ("length", pa.int32()),
        ("doc_ids", pa.list_(pa.string())),
        ("copies", pa.list_(pa.int32())),
        ("piece_starts", pa.list_(pa.int32())),
        ("document_offsets", pa.list_(pa.int64())),
    ]
)
"""A packed sequence. ``length`` counts its tokens without padding. For each piece of a document in
it: the document's id and copy, where it starts in the sequence, and at which token of the
document."""
