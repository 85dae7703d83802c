"""Columns of a table of documents as summaries want them: there, and without nulls."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def texts(rows: pa.Table, name: str) -> pa.Array:
    """A column of texts; "" for null, and everywhere where there is no such column."""
    if name not in rows.column_names:
        return constant("", rows.num_rows)
    return pc.fill_null(rows[name].combine_chunks(), "")


def offsets(rows: pa.Table) -> pa.Array:
    """Where documents lie in their source; 0 if that is not known."""
    if "offset" not in rows.column_names:
        return pa.array(np.zeros(rows.num_rows, dtype=np.int64))
    return pc.fill_null(rows["offset"].combine_chunks(), 0)


def constant(text: str, count: int) -> pa.Array:
    """The same text for every row."""
    return pa.repeat(pa.scalar(str(text), pa.string()), count)


def ones(count: int) -> pa.Array:
    """Each row counts once."""
    return pa.array(np.ones(count, dtype=np.int64))
