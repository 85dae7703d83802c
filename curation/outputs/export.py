"""The kept documents as Parquet shards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from annotated_types import Interval, Unit

from curation.outputs.export_counts import ExportCounts, count_rows, total
from curation.outputs.seeded_shards import SeededShards
from curation.outputs.shards import ShardLayout, regroup
from curation.storage.parquet import open_parquet, parquet_writer
from stages.base import Positive


@dataclass(frozen=True)
class ParquetLayout(ShardLayout):
    """Shards as Parquet, compressed by zstd.

    >>> ParquetLayout(12, 0, ("text",), 100, 3).file_name(7)
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
            use_dictionary=["language", "category", "source"],
            data_page_size=1 << 20,
            write_statistics=True,
            store_schema=True,
        )
        with writer:
            for table in regroup(batches, self.row_group_rows, self.schema):
                writer.write_table(table, row_group_size=self.row_group_rows)
                counts.append(count_rows(table))
        return total(counts)


@dataclass(frozen=True)
class Export(SeededShards):
    """Write the kept documents as Parquet shards, with a card that Hugging Face reads."""

    name: ClassVar[str] = "export"

    row_group_rows: Annotated[Positive, Unit("rows")] = 1_000
    """Rows of a row group: bounds what a writer and a reader hold in memory."""
    compression_level: Annotated[int, Interval(ge=1, le=22)] = 3
    """zstd's."""

    def layout(self, shards: int, columns: tuple[str, ...]) -> ParquetLayout:
        """How that many shards of these columns are written."""
        return ParquetLayout(
            shards, self.seed, columns, self.row_group_rows, self.compression_level
        )

    @classmethod
    def find(cls, uri: str, doc_id: str) -> Iterator[int]:
        """The rows of a document in a shard."""
        with open_parquet(uri) as parquet:
            ids = parquet.read(columns=["doc_id"])["doc_id"]
        yield from pc.indices_nonzero(pc.equal(ids, doc_id)).to_pylist()
