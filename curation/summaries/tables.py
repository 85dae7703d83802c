"""Tables whose rows are added, ranked or kept once, always to rows in one order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_REDUCTIONS = {"lowest": np.minimum, "highest": np.maximum}
"""What the values of these columns become together; all others are added."""


def empty(schema: pa.Schema) -> pa.Table:
    """A table without rows; ``schema.empty_table()`` imports pandas, which takes 0.3 s."""
    return pa.Table.from_batches([], schema=schema)


def sorted_by(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """The rows in the order of some columns, the first of them first."""
    return table.sort_by([(name, "ascending") for name in names])


def add_rows(table: pa.Table, keys: Sequence[str], first: Sequence[str] = ()) -> pa.Table:
    """One row for each combination of keys, in their order: sums, and the least of ``first``.

    ``first`` are columns that are compared together, one after the other; all others are added.
    """
    rows = sorted_by(table, [*keys, *first])
    starts = starts_of(rows, keys)
    groups = rows.take(pa.array(starts))
    for place, field in enumerate(table.schema):
        if field.name not in (*keys, *first) and len(starts):
            reduction = _REDUCTIONS.get(field.name, np.add)
            reduced = reduction.reduceat(np.asarray(rows[field.name]), starts)
            groups = groups.set_column(place, field, pa.array(reduced))
    return groups.combine_chunks()


def distinct_rows(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    """One row of those with equal keys, in their order."""
    rows = sorted_by(table, keys)
    return rows.take(pa.array(starts_of(rows, keys))).combine_chunks()


def ranks_in(rows: pa.Table, keys: Sequence[str]) -> NDArray[np.int64]:
    """The place of each row among those of equal keys; rows are sorted by the keys first."""
    starts = starts_of(rows, keys)
    sizes = np.diff(starts, append=rows.num_rows)
    return np.arange(rows.num_rows) - np.repeat(starts, sizes)


def starts_of(rows: pa.Table, keys: Sequence[str]) -> NDArray[np.int64]:
    """Where the groups of equal keys start in rows that are sorted by them."""
    changes = np.ones(rows.num_rows, dtype=bool)
    changes[1:] = False
    for name in keys:
        column = rows[name].combine_chunks()
        changes[1:] |= np.asarray(pc.not_equal(column[1:], column[:-1]))
    return np.flatnonzero(changes)
