"""The rows of an exported shard."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

SHARD_COLUMNS: Mapping[str, pa.DataType] = {
    "doc_id": pa.string(),
    "copy": pa.int32(),
    "url": pa.string(),
    "date": pa.string(),
    "title": pa.string(),
    "text": pa.string(),
    "language": pa.string(),
    "category": pa.string(),
    "quality": pa.float64(),
    "tokens": pa.int64(),
    "source": pa.string(),
}
"""What a shard holds of a document, where the pipeline has it. ``copy`` counts from 0."""
