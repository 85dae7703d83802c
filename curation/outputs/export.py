"""The kept documents as Parquet shards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import pyarrow as pa
from annotated_types import Interval, Unit

from curation.outputs.export_counts import ExportCounts, count_rows, total
from curation.outputs.seeded_shards import READ_ROWS, SeededShards
from curation.outputs.shards import ShardLayout, regroup
from curation.storage.parquet import open_parquet, parquet_writer
from stages.base import Positive


@dataclass(frozen=True)
class ParquetLayout(ShardLayout):
    """Shards as Parquet, compressed by zstd.

    >>> ParquetLayout(12, 0, pa.schema([]), 100, 3).file_name(7)
    'shard-00007-of-00012.parquet'
    """

    suffix: ClassVar[str] = ".parquet"

    row_group_rows: int
    compression_level: int

    def write(self, path: Path, batches: Iterable[pa.RecordBatch]) -> ExportCounts:
        """Write one file. At most a row group and a batch are held.

        Every row group is one contiguous table of ``row_group_rows`` rows, the last one shorter.
        """
        counts = []
        writer = parquet_writer(
            path,
            self.schema,
            version="2.6",
            compression_level=self.compression_level,
            use_dictionary=_repeated(self.schema),
            data_page_size=1 << 20,
            write_statistics=True,
            store_schema=True,
        )
        with writer:
            for table in regroup(batches, self.row_group_rows, self.schema):
                writer.write_table(table, row_group_size=self.row_group_rows)
                counts.append(count_rows(table))
        return total(counts)

    def read(self, uri: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows, a few at a time."""
        wanted = pa.schema([self.schema.field(name) for name in columns])
        with open_parquet(uri) as parquet:
            for batch in parquet.iter_batches(READ_ROWS, columns=list(columns)):
                yield batch.select(columns).cast(wanted)


def _repeated(schema: pa.Schema) -> list[str]:
    """The columns whose values are worth a dictionary: those of which many rows have the same."""
    same = ("language", "site", "page_type", "category", "batch", "warc_filename")
    return [name for name in same if name in schema.names]


@dataclass(frozen=True)
class Export(SeededShards):
    """Write the kept documents as Parquet shards, with a card that Hugging Face reads."""

    name: ClassVar[str] = "export"
    version: ClassVar[int] = 2

    row_group_rows: Annotated[Positive, Unit("rows")] = 1_000
    """Rows of a row group: bounds what a writer and a reader hold in memory."""
    compression_level: Annotated[int, Interval(ge=1, le=22)] = 3
    """zstd's."""

    def layout(self, shards: int, schema: pa.Schema) -> ParquetLayout:
        """How that many shards of this schema are written."""
        return ParquetLayout(shards, self.seed, schema, self.row_group_rows, self.compression_level)

    @classmethod
    def find(cls, uri: str, doc_id: str) -> Iterator[int]:
        """The rows of a document in a shard."""
        with open_parquet(uri) as parquet:
            ids = parquet.read(columns=["doc_id"])["doc_id"]
        # A value of Python's that compute gets imports pandas: 0.3 s, and 50,000 ids take 0.02.
        yield from (row for row, found in enumerate(ids.to_pylist()) if found == doc_id)
