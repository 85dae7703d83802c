"""The rows of shards: which, in which order, in which shard. A format adds how they are written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from curation.outputs.export_counts import ExportCounts
from curation.outputs.provenance import cuts_of, finite, moment, relative_name
from curation.storage import StoredFile
from schemas.shard import ALWAYS, MADE_OF, SHARD_COLUMNS
from stages.lottery import DRAW_BITS, draw

_PLACE: Mapping[str, pa.DataType] = {
    "_shard": pa.int32(),
    "_order": pa.int64(),
    "_part": pa.int64(),
    "_position": pa.int64(),
}


@dataclass(frozen=True)
class ShardLayout(ABC):
    """How many shards, in which order, of which columns; a format adds how they are written."""

    suffix: ClassVar[str]
    hub_reads: ClassVar[bool] = True
    """Whether Hugging Face `datasets` opens such files."""

    shards: int
    seed: int
    schema: pa.Schema

    @abstractmethod
    def write(self, path: Path, batches: Iterable[pa.RecordBatch]) -> ExportCounts:
        """Write sorted rows as one file, whose bytes depend on nothing but the rows.

        How the rows came in batches leaves no trace. Bounded memory.
        """

    @abstractmethod
    def read(self, uri: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows of a shard with some of the columns, in their order and in bounded memory."""

    def index(self, shards: Sequence[StoredFile]) -> Mapping[str, str]:  # noqa: ARG002
        """What readers of a format want beside its shards: texts, by the names of their files."""
        return {}

    @property
    def placed_schema(self) -> pa.Schema:
        """The schema of rows on their way to a shard: where they go, then what they hold."""
        places = [pa.field(name, kind) for name, kind in _PLACE.items()]
        return pa.schema([*places, *self.schema])

    def file_name(self, number: int) -> str:
        """The name of a shard's file: shard-00007-of-00012.parquet."""
        return f"shard-{number:05d}-of-{self.shards:05d}{self.suffix}"


def order_of(seed: int, doc_id: str, copy: int) -> int:
    """Where a copy of a document stands among all rows: a draw of the lottery."""
    return draw(seed, doc_id, copy)


def shard_of(order: int, shards: int) -> int:
    """The shard of a row: equal ranges of the order, so that shard after shard is sorted.

    >>> [shard_of(order, 4) for order in (0, 2**62 - 1, 2**62, 2**63 - 1)]
    [0, 1, 2, 3]
    """
    return (order * shards) >> DRAW_BITS


def exported_schema(found: pa.Schema, chosen: Sequence[str] = ()) -> pa.Schema:
    """The schema of a shard, given that of documents: the chosen columns, or all that are ours.

    A row always has what tells it from others. Raises ValueError for a column that documents have
    not, or that is chosen twice.

    >>> documents = pa.schema([("text", pa.string()), ("doc_id", pa.string()), ("rank", pa.int8())])
    >>> exported_schema(documents).names
    ['doc_id', 'copy', 'copies', 'text']
    >>> exported_schema(documents, ["rank", "text"]).names
    ['doc_id', 'copy', 'rank', 'text']
    """
    there = {
        name: field
        for name, field in SHARD_COLUMNS.items()
        if not MADE_OF.get(name, name) or MADE_OF.get(name, name) in found.names
    }
    if not chosen:
        return pa.schema(there.values())
    there |= {field.name: field for field in found if field.name not in there}
    for name in chosen:
        if name not in there:
            raise ValueError(f"columns has {name!r}, which no document has: {', '.join(there)}")
        if list(chosen).count(name) > 1:
            raise ValueError(f"columns names {name!r} twice: name it once")
    return pa.schema([there[name] for name in (*(n for n in ALWAYS if n not in chosen), *chosen)])


def needed_columns(schema: pa.Schema) -> set[str]:
    """The columns of documents that rows of this schema, and their places, are made of."""
    return {MADE_OF.get(name, name) for name in schema.names} | {"doc_id", "copies", "position"}


def place_rows(
    batch: pa.RecordBatch, part: int, layout: ShardLayout, root: str = ""
) -> Iterator[pa.RecordBatch]:
    """Each copy of each document as a row that knows its place; none where ``copies`` is 0.

    Documents without the column ``copies`` are copied once. Files are named below ``root``.
    """
    doc_ids = batch.column("doc_id").to_pylist()
    names = batch.schema.names
    copies = batch.column("copies").to_pylist() if "copies" in names else [1] * len(doc_ids)
    rows = [(row, copy) for row, count in enumerate(copies) for copy in range(count or 0)]
    if not rows:
        return
    taken = batch.take(pa.array([row for row, _ in rows], pa.int64()))
    orders = [order_of(layout.seed, doc_ids[row], copy) for row, copy in rows]
    held = (
        range(batch.num_rows) if "position" not in names else batch.column("position").to_pylist()
    )
    made = {
        "_shard": [shard_of(order, layout.shards) for order in orders],
        "_order": orders,
        "_part": [part] * len(rows),
        "_position": [held[row] for row, _ in rows],
        "copy": [copy for _, copy in rows],
        "copies": [copies[row] for row, _ in rows],
    }
    schema = layout.placed_schema
    arrays = [
        pa.array(made[one.name], one.type) if one.name in made else _column(taken, one, root)
        for one in schema
    ]
    yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _column(rows: pa.RecordBatch, field: pa.Field, root: str) -> pa.Array:
    column = rows.column(MADE_OF.get(field.name, field.name))
    values: list[object]
    if field.name == "warc_filename":
        values = [relative_name(source or "", root) for source in column.to_pylist()]
    elif field.name == "cuts":
        values = [cuts_of(edits) for edits in column.to_pylist()]
    elif pa.types.is_timestamp(field.type) and pa.types.is_string(column.type):
        values = [moment(date) for date in column.to_pylist()]
    elif field.nullable or not column.null_count:
        return finite(column.cast(field.type))
    else:  # a text that was never there
        return column.fill_null("")
    return pa.array(values, field.type)


def regroup(batches: Iterable[pa.RecordBatch], rows: int, schema: pa.Schema) -> Iterator[pa.Table]:
    """The same rows in tables of ``rows`` rows each, without chunks; the last may be shorter."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        rest = batch.select(schema.names)
        while count + rest.num_rows >= rows:
            taken = rows - count
            yield _joined([*waiting, rest.slice(0, taken)], schema)
            waiting, count, rest = [], 0, rest.slice(taken)
        if rest.num_rows:
            waiting.append(rest)
            count += rest.num_rows
    if waiting:
        yield _joined(waiting, schema)


def _joined(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_batches(batches).cast(schema).combine_chunks()
