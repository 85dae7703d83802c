"""Columns of a table of documents as summaries want them: there, and without nulls."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stages.sites import host_of

NO_SITE = "(none)"


def texts(rows: pa.Table, name: str) -> pa.Array:
    """A column as texts; "" for null, and everywhere if there is no such column.

    Anybody's stage may write one of that name: of numbers, which are shown as texts, or of lists,
    records or bytes, which are as good as not there.
    """
    if name not in rows.column_names or not _is_shown(rows.schema.field(name).type):
        return constant("", rows.num_rows)
    return pc.fill_null(rows[name].combine_chunks().cast(pa.string()), "")


def _is_shown(kind: pa.DataType) -> bool:
    return not (pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_null(kind))


def whole_numbers(rows: pa.Table, name: str, default: int) -> pa.Array:
    """A column of whole numbers; ``default`` for null, and everywhere if there is no such one."""
    if name not in rows.column_names or not pa.types.is_integer(rows.schema.field(name).type):
        return pa.array(np.full(rows.num_rows, default, dtype=np.int64))
    return pc.fill_null(rows[name].combine_chunks().cast(pa.int64(), safe=False), default)


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


def sites_of(rows: pa.Table) -> pa.Array:
    """The ``site`` column; where it has none, the URL's host."""
    sites = texts(rows, "site")
    lacking = pc.equal(sites, "")
    if not pc.any(lacking).as_py():
        return sites
    hosts = [host_of(url) or NO_SITE for url in texts(rows, "url").filter(lacking).to_pylist()]
    return pc.replace_with_mask(sites, lacking, pa.array(hosts, pa.string()))
