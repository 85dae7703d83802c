"""Summaries as Parquet files: each table is a column, whose one row is the list of its rows.

So one file has all tables of a summary. A list that would be too long goes on in the next row.
Where a bin of a histogram has one value, as most have in a small part, its ``highest`` is null.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from curation import storage
from curation.errors import DamageError, RecordError
from curation.storage import StoredFile
from curation.storage.parquet import open_parquet, parquet_writer
from curation.summaries.former import FIRST_TABLES, upgrade
from curation.summaries.summary import TABLES, Summary, total_of

FOLDER = "summary"
FORMAT_VERSION = 3  # in 2 every ``highest`` is written
MAX_ROWS = 1 << 18  # of a table in one row of a file: 64 MiB of counts

_SMALL = {"compression_level": 9, "write_statistics": False, "store_schema": False}
"""Nobody looks for a row by its statistics, and these and Arrow's own schema are 10 kB a file."""

_KINDS = {name: pa.list_(pa.struct(list(schema))) for name, schema in TABLES.items()}
_SCHEMA = pa.schema(list(_KINDS.items()), metadata={"format_version": str(FORMAT_VERSION)})


def write_summary(summary: Summary, folder: str, stem: str) -> StoredFile:
    """Write the summary of a part or a step in that step's folder; its ``rows`` are the pages."""
    target = storage.join(folder, FOLDER)
    with storage.scratch_file(storage.join(target, stem)) as path:
        with parquet_writer(path, _SCHEMA, **_SMALL) as writer:
            for row in _rows(summary):
                writer.write_batch(row)
        made = storage.publish_named(path, target, stem, ".parquet", summary.pages)
    return StoredFile(f"{FOLDER}/{made.name}", made.rows, made.bytes, made.sha256)


def read_summary(uri: str) -> Summary:
    """The summary in a file.

    Raises DamageError if it is gone or damaged, RecordError if it is of a newer version.
    """
    rows = list(_read(uri))
    return Summary(**{name: pa.concat_tables([getattr(r, name) for r in rows]) for name in TABLES})


def sum_of_files(folder: str, files: Sequence[StoredFile]) -> Summary:
    """The sum of summaries of a step, a few of them in memory at a time."""
    uris = (storage.join(folder, file.name) for file in files)
    return total_of(summary for uri in uris for summary in _read(uri))


def merge_files(folder: str, stem: str, files: Sequence[StoredFile]) -> StoredFile:
    """Write the sum of summaries of a step."""
    return write_summary(sum_of_files(folder, files), folder, stem)


def _rows(summary: Summary) -> Iterator[pa.RecordBatch]:
    tables = {name: getattr(summary, name) for name in TABLES}
    tables["histograms"] = _without_equals(tables["histograms"])
    longest = max(table.num_rows for table in tables.values())
    for start in range(0, max(longest, 1), MAX_ROWS):
        lists = [_one_list(tables[name].slice(start, MAX_ROWS), _KINDS[name]) for name in TABLES]
        yield pa.RecordBatch.from_arrays(lists, schema=_SCHEMA)


def _without_equals(histograms: pa.Table) -> pa.Table:
    lowest, highest = histograms["lowest"], histograms["highest"]
    nothing = pa.nulls(histograms.num_rows, highest.type)
    return _with_highest(histograms, pc.if_else(pc.equal(lowest, highest), nothing, highest))


def _with_equals(histograms: pa.Table) -> pa.Table:
    return _with_highest(histograms, pc.coalesce(histograms["highest"], histograms["lowest"]))


def _with_highest(histograms: pa.Table, highest: pa.ChunkedArray) -> pa.Table:
    place = histograms.schema.get_field_index("highest")
    return histograms.set_column(place, histograms.schema.field(place), highest)


def _one_list(table: pa.Table, kind: pa.ListType) -> pa.Array:
    columns = [column.combine_chunks() for column in table.columns]
    values = pa.StructArray.from_arrays(columns, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(pa.array([0, table.num_rows], pa.int32()), values, type=kind)


def _read(uri: str) -> Iterator[Summary]:
    try:
        with open_parquet(uri) as parquet:
            version = int((parquet.schema_arrow.metadata or {}).get(b"format_version", b"0"))
            if version > FORMAT_VERSION:
                raise RecordError(
                    f"{uri}: was written by a newer version of this project (format {version}, "
                    f"known is {FORMAT_VERSION}): upgrade to that version"
                )
            for group in range(parquet.num_row_groups):
                row = parquet.read_row_group(group)
                if version == 1:
                    yield upgrade({name: _table(row[name]) for name in FIRST_TABLES})
                else:
                    tables = {name: _table(row[name]).cast(TABLES[name]) for name in TABLES}
                    tables["histograms"] = _with_equals(tables["histograms"])
                    yield Summary(**tables)
    except KeyError as error:
        raise DamageError.of(uri, f"is damaged ({error})") from error


def _table(column: pa.ChunkedArray) -> pa.Table:
    rows = [chunk.flatten() for chunk in column.chunks]
    return pa.concat_tables([pa.Table.from_struct_array(each) for each in rows])
