"""The kept documents as JSON, one object a line, compressed by zstd."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, ClassVar

import pyarrow as pa
import zstandard
from annotated_types import Interval

from curation.outputs.export_counts import ExportCounts, count_rows, total
from curation.outputs.json_rows import from_json_rows, to_json_rows
from curation.outputs.seeded_shards import SeededShards
from curation.outputs.shards import ShardLayout, regroup
from curation.storage.stores import open_input

LINES_AT_ONCE = 256  # held as text: at 100 kB a document, 25 MB


@dataclass(frozen=True)
class JsonlLayout(ShardLayout):
    """Shards as lines of JSON in UTF-8, in one zstd frame.

    One frame, because readers that stop at the end of the first are many: python-zstandard's
    ``stream_reader``, and with it fsspec and Hugging Face ``datasets``.

    >>> JsonlLayout(12, 0, pa.schema([]), 3).file_name(7)
    'shard-00007-of-00012.jsonl.zst'
    """

    suffix: ClassVar[str] = ".jsonl.zst"

    compression_level: int

    def write(self, path: Path, batches: Iterable[pa.RecordBatch]) -> ExportCounts:
        """Write one file. zstd is given the lines by so many at once, whatever the batches were."""
        counts = []
        compressor = zstandard.ZstdCompressor(level=self.compression_level, write_checksum=True)
        with path.open("wb") as file, compressor.stream_writer(file, closefd=False) as stream:
            for table in regroup(batches, LINES_AT_ONCE, self.schema):
                stream.write(to_lines(table))
                counts.append(count_rows(table))
        return total(counts)

    def read(self, uri: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows of the lines, a few at a time."""
        schema = pa.schema([self.schema.field(name) for name in columns])
        with open_input(uri) as file, zstandard.open(file, "rt", encoding="utf-8") as lines:
            while some := list(islice(lines, LINES_AT_ONCE)):
                yield from_json_rows([json.loads(line) for line in some], schema)


def to_lines(table: pa.Table) -> bytes:
    r"""The rows as lines, with every column; a number that JSON does not have is null.

    Moments are written as ISO 8601 has them.

    >>> to_lines(pa.table({"text": ["a\n中", None], "quality": [float("nan"), 0.5]})).decode()
    '{"text":"a\\n中","quality":null}\n{"text":null,"quality":0.5}\n'
    """
    lines = [
        json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
        for row in to_json_rows(table)
    ]
    return "".join(lines).encode()


@dataclass(frozen=True)
class Jsonl(SeededShards):
    """Write the kept documents as JSONL, zstd-compressed: an object a line."""

    name: ClassVar[str] = "jsonl"
    version: ClassVar[int] = 2

    compression_level: Annotated[int, Interval(ge=1, le=22)] = 3
    """zstd's."""

    def layout(self, shards: int, schema: pa.Schema) -> JsonlLayout:
        """How that many shards of this schema are written."""
        return JsonlLayout(shards, self.seed, schema, self.compression_level)

    @classmethod
    def find(cls, uri: str, doc_id: str) -> Iterator[int]:
        """The rows of a document in a shard: its lines."""
        with open_input(uri) as file, zstandard.open(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if json.loads(line)["doc_id"] == doc_id:
                    yield number
