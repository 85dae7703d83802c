"""The kept documents as MDS, the shards that MosaicML's streaming reads at any place.

A shard is the number of its samples, where each begins and the last ends, all as unsigned 32 bits,
its columns as JSON, and the samples: the lengths of those columns that have none of their own, then
the columns, sorted by name. Little-endian. ``index.json`` says which shards there are.

Source: mosaicml-streaming 0.13, ``streaming/base/format/mds`` (version 2 of the format).
"""

from __future__ import annotations

import json
import shutil
import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, Any, ClassVar

import numpy as np
import pyarrow as pa
from annotated_types import Interval, Unit

from curation.errors import UsageError
from curation.outputs.export_counts import ExportCounts, count_rows, total
from curation.outputs.json_rows import JsonRow, from_json_rows, to_json_rows
from curation.outputs.seeded_shards import SeededShards
from curation.outputs.shards import ShardLayout, regroup
from curation.storage import StoredFile
from curation.storage.stores import open_input

INDEX = "index.json"
VERSION = 2
MAX_BYTES = (1 << 32) - 1
"""Of a shard: what its offsets reach."""
ROWS_AT_ONCE = 256
_WORD = struct.Struct("<I")
_INTEGER = struct.Struct("<q")


@dataclass(frozen=True)
class MdsLayout(ShardLayout):
    """Shards as MDS, not compressed: a reader seeks a sample in them.

    What is never null is text or an integer to its readers; anything else is JSON.

    >>> MdsLayout(12, 0, pa.schema([])).file_name(7)
    'shard-00007-of-00012.mds'
    """

    suffix: ClassVar[str] = ".mds"
    hub_reads: ClassVar[bool] = False

    def write(self, path: Path, batches: Iterable[pa.RecordBatch]) -> ExportCounts:
        """Write one file, whose head is known when the samples are. Holds some rows at a time.

        Raises UsageError for more than 4 GiB.
        """
        counts, ends = [], array("Q", [0])
        with TemporaryFile(dir=path.parent) as samples, path.open("wb") as file:
            for table in regroup(batches, ROWS_AT_ONCE, self.schema):
                for row in to_json_rows(table):
                    ends.append(ends[-1] + samples.write(self._sample(row)))
                counts.append(count_rows(table))
            columns = json.dumps(self._columns(), sort_keys=True).encode()
            start = _WORD.size * (1 + len(ends)) + len(columns)
            if start + ends[-1] > MAX_BYTES:
                raise UsageError(
                    f"{path.name} takes {start + ends[-1]:,} bytes, and a shard of MDS has "
                    f"{MAX_BYTES:,} at most: have more `shards`, or a smaller `bytes_per_shard`"
                )
            file.write(_WORD.pack(len(ends) - 1))
            file.write((np.array(ends, np.uint64) + start).astype("<u4").tobytes())
            file.write(columns)
            samples.seek(0)
            shutil.copyfileobj(samples, file, 1 << 20)
        return total(counts)

    def read(self, uri: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows of the samples, a few at a time."""
        schema = pa.schema([self.schema.field(name) for name in columns])
        every = read_rows(uri)
        while rows := list(islice(every, ROWS_AT_ONCE)):
            yield from_json_rows([{name: row[name] for name in columns} for row in rows], schema)

    def index(self, shards: Sequence[StoredFile]) -> Mapping[str, str]:
        """``index.json``: every shard that holds something, in order, with its SHA-256."""
        held = [
            {
                **self._columns(),
                "raw_data": {
                    "basename": shard.name,
                    "bytes": shard.bytes,
                    "hashes": {"sha256": shard.sha256},
                },
                "samples": shard.rows,
                "zip_data": None,
            }
            for shard in shards
            if shard.rows
        ]
        return {INDEX: json.dumps({"shards": held, "version": VERSION}, sort_keys=True) + "\n"}

    @cached_property
    def _encodings(self) -> Mapping[str, str]:
        return {one.name: _encoding(one) for one in sorted(self.schema, key=lambda f: f.name)}

    def _columns(self) -> dict[str, object]:
        """What a shard says of itself, and the index of it."""
        return {
            "column_encodings": list(self._encodings.values()),
            "column_names": list(self._encodings),
            "column_sizes": [_size(encoding) for encoding in self._encodings.values()],
            "compression": None,
            "format": "mds",
            "hashes": ["sha256"],
            "size_limit": None,
            "version": VERSION,
        }

    def _sample(self, row: JsonRow) -> bytes:
        held = [(kind, _encode(kind, row[name])) for name, kind in self._encodings.items()]
        lengths = [_WORD.pack(len(value)) for kind, value in held if _size(kind) is None]
        return b"".join((*lengths, *(value for _, value in held)))


def listed_in(index: bytes) -> list[StoredFile]:
    """The shards that an index lists. Raises ValueError, TypeError or KeyError for no index."""
    found = []
    for shard in json.loads(index)["shards"]:
        data = shard["raw_data"]
        digest = data["hashes"]["sha256"]
        found.append(StoredFile(data["basename"], shard["samples"], data["bytes"], digest))
    return found


def _encoding(field: pa.Field) -> str:
    """The name of what a column is to a reader of MDS."""
    if field.nullable:
        return "json"
    if pa.types.is_string(field.type):
        return "str"
    return "int" if pa.types.is_integer(field.type) else "json"


def _size(encoding: str) -> int | None:
    """The bytes of every value, if all have as many."""
    return _INTEGER.size if encoding == "int" else None


def _encode(encoding: str, value: Any) -> bytes:
    if encoding == "str":
        return str(value).encode()
    if encoding == "int":
        return _INTEGER.pack(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _decode(encoding: str, value: bytes) -> object:
    if encoding == "str":
        return value.decode()
    return _INTEGER.unpack(value)[0] if encoding == "int" else json.loads(value)


def read_rows(uri: str) -> Iterator[JsonRow]:
    """The samples of a shard of ours, in their order, one held at a time."""
    with open_input(uri) as file:
        (count,) = _WORD.unpack(file.read(_WORD.size))
        offsets = np.frombuffer(file.read(_WORD.size * (count + 1)), "<u4").tolist()
        said = json.loads(file.read(offsets[0] - _WORD.size * (count + 2)))
        columns = list(zip(said["column_names"], said["column_encodings"], strict=True))
        for start, end in pairwise(offsets):
            yield _row(file.read(end - start), columns)


def _row(sample: bytes, columns: Sequence[tuple[str, str]]) -> JsonRow:
    row: JsonRow = {}
    at = _WORD.size * sum(_size(kind) is None for _, kind in columns)
    lengths = _WORD.iter_unpack(sample[:at])
    for name, kind in columns:
        length = _size(kind) or next(lengths)[0]
        row[name] = _decode(kind, sample[at : at + length])
        at += length
    return row


@dataclass(frozen=True)
class Mds(SeededShards):
    """Write the kept documents as MDS shards, for MosaicML's streaming."""

    name: ClassVar[str] = "mds"

    bytes_per_shard: Annotated[int, Interval(ge=1, le=1 << 31), Unit("bytes")] = 64 << 20
    """Of text in UTF-8. A shard is fetched whole, and ends at 4 GiB."""

    def layout(self, shards: int, schema: pa.Schema) -> MdsLayout:
        """How that many shards of this schema are written."""
        return MdsLayout(shards, self.seed, schema)

    @classmethod
    def find(cls, uri: str, doc_id: str) -> Iterator[int]:
        """The rows of a document in a shard: its samples."""
        yield from (n for n, row in enumerate(read_rows(uri)) if row["doc_id"] == doc_id)
