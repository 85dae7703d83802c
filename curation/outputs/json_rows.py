"""Rows of shards as JSON has them: moments are text, a number that is none is null."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import product
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from curation.outputs.provenance import finite

JsonRow = dict[str, Any]


def to_json_rows(table: pa.Table) -> list[JsonRow]:
    """The rows with every column. Moments are written as ISO 8601 has them.

    >>> to_json_rows(pa.table({"text": ["a", None], "quality": [float("nan"), 0.5]}))
    [{'text': 'a', 'quality': None}, {'text': None, 'quality': 0.5}]
    """
    columns = [_in_json(column) for column in table.columns]
    rows: list[JsonRow] = pa.table(columns, names=table.schema.names).to_pylist()
    return rows


def _in_json(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column, format="%Y-%m-%dT%H:%M:%SZ")
    return finite(column)


def from_json_rows(rows: Sequence[JsonRow], schema: pa.Schema) -> pa.RecordBatch:
    """The same rows again, or some of their columns."""
    moments = [field.name for field in schema if pa.types.is_timestamp(field.type)]
    for row, name in product(rows, moments):
        row[name] = row[name] and datetime.fromisoformat(row[name])
    return pa.RecordBatch.from_pylist(rows, schema)
