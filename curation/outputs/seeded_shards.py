"""Kept documents to shards: fixed count, seeded order, the same bytes however Spark cut the work.

The only place where a document becomes several rows, and where text crosses a shuffle. How a shard
is written is the format's (``curation.outputs.shards.ShardLayout``).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Annotated, ClassVar

import pyarrow as pa
from annotated_types import Unit
from pydantic import JsonValue, SerializeAsAny

from curation import storage
from curation.outputs.base import Material, Output, OutputAccount
from curation.outputs.dataset_card import dataset_card
from curation.outputs.export_counts import ExportCounts, total
from curation.outputs.shards import (
    ShardLayout,
    exported_columns,
    order_of,
    place_rows,
    shard_of,
)
from curation.spark.frames import read_items
from curation.spark.tasks import run_on_partitions, run_tasks
from curation.storage import StoredFile
from curation.storage.parquet import open_parquet
from curation.storage.records import to_text
from schemas.shard import SHARD_COLUMNS
from stages.base import Count, Positive

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MANIFEST = "manifest.json"
CARD = "README.md"
READ_ROWS = 256  # documents read at once: at 100 kB each, 25 MB


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of documents to export, with its place among them."""

    number: int
    uri: str


@dataclass(frozen=True, slots=True)
class ExportedShard:
    """One shard that was written."""

    number: int
    file: StoredFile
    counts: ExportCounts


@dataclass(frozen=True, slots=True)
class ExportManifest:
    """What lies beside the shards for those who read them."""

    format_version: ClassVar[int] = 1

    fingerprint: str
    layout: SerializeAsAny[ShardLayout]
    counts: ExportCounts
    files: tuple[StoredFile, ...]


@dataclass(frozen=True)
class ExportResult:
    """What an export wrote: the shards in order, the card and manifest, and the counts."""

    shards: tuple[StoredFile, ...]
    others: tuple[StoredFile, ...]
    counts: ExportCounts

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Everything that was written."""
        return (*self.shards, *self.others)


@dataclass(frozen=True)
class SeededShards(Output):
    """Write the kept documents as shards of one format, in an order that a seed draws.

    Each document is written ``copies`` times, numbered from 0.
    """

    shards: Annotated[Count, Unit("shards")] = 0
    """How many; 0: as many as ``rows_per_shard`` asks for."""
    rows_per_shard: Annotated[Positive, Unit("rows")] = 50_000
    """Of which the number of shards follows, rounded up, where ``shards`` is 0."""
    seed: Count = 0
    """Of the order of rows."""

    @abstractmethod
    def layout(self, shards: int, columns: tuple[str, ...]) -> ShardLayout:
        """How that many shards of these columns are written."""

    @classmethod
    def files_with(
        cls,
        files: Sequence[StoredFile],
        doc_id: str,
        copies: int,
        settings: Mapping[str, JsonValue],
    ) -> Sequence[StoredFile]:
        """The shards that its copies were drawn for; any may, where the seed is not known."""
        shards = [file for file in files if file.name.startswith("shard-")]
        seed = settings.get("seed")
        if not isinstance(seed, int):
            return shards
        orders = (order_of(seed, doc_id, copy) for copy in range(copies))
        return [shards[number] for number in sorted({shard_of(one, len(shards)) for one in orders})]

    def write(self, spark: SparkSession, material: Material, folder: str) -> OutputAccount:
        """Write shards, dataset card and manifest."""
        uris = [material.uri(file) for file in material.files]
        names = {"name": material.pipeline, "fingerprint": material.fingerprint}
        made = export_shards(spark, uris, folder, self, **names)
        rows_in = sum(file.rows for file in material.files)
        return OutputAccount(made.files, rows_in, made.counts.documents, made.counts.figures())


def export_shards(
    spark: SparkSession,
    files: Sequence[str],
    directory: str,
    output: SeededShards,
    *,
    name: str = "curated web pages",
    fingerprint: str = "",
) -> ExportResult:
    """Write the documents of Parquet files (the last step's kept ones) as shards.

    Each row of the files is written ``copies`` times (once if there is no such column). The bytes
    depend on the rows and the output's fields alone. No files, or no rows, give one empty shard.
    """
    layout = _layout(spark, files, output)
    kept = [KeptFile(number, uri) for number, uri in enumerate(files)]
    placed = read_items(spark, kept, partial(_place_file, layout), layout.placed_schema)
    sorted_rows = placed.repartitionById(layout.shards, "_shard").sortWithinPartitions(
        "_order", "doc_id", "_part", "_position", "copy"
    )
    done = run_on_partitions(sorted_rows, partial(_write_partition, layout, directory))
    written = {shard.number: shard for shard in done}
    shards = [
        written.get(number) or _write_shard(layout, directory, number, iter(()))
        for number in range(layout.shards)
    ]
    counts = total(shard.counts for shard in shards)
    stored = tuple(shard.file for shard in shards)
    others = _describe(directory, stored, counts, layout, name, fingerprint)
    return ExportResult(stored, others, counts)


def _layout(spark: SparkSession, files: Sequence[str], output: SeededShards) -> ShardLayout:
    names = _column_names(files[0]) if files else list(SHARD_COLUMNS)
    shards = output.shards
    if not shards:
        counts = run_tasks(spark, files, partial(_count_rows, "copies" in names))
        shards = max(1, -(-sum(counts) // output.rows_per_shard))
    return output.layout(shards, exported_columns(names))


def _column_names(file: str) -> list[str]:
    with open_parquet(file) as parquet:
        return list(parquet.schema_arrow.names)


def _count_rows(copied: bool, file: str) -> int:
    with open_parquet(file) as parquet:
        if copied:
            return sum(parquet.read(["copies"]).column("copies").to_pylist())
        return int(parquet.metadata.num_rows)


def _place_file(layout: ShardLayout, file: KeptFile) -> Iterator[pa.RecordBatch]:
    with open_parquet(file.uri) as parquet:
        wanted = {*layout.columns, "copies", "position"}
        names = [name for name in parquet.schema_arrow.names if name in wanted]
        for batch in parquet.iter_batches(READ_ROWS, columns=names):
            yield from place_rows(batch, file.number, layout)


def _write_partition(
    layout: ShardLayout, directory: str, batches: Iterator[pa.RecordBatch]
) -> Iterator[ExportedShard]:
    """Write the one shard that a partition holds; a partition without rows writes nothing."""
    first = next((batch for batch in batches if batch.num_rows), None)
    if first is not None:
        number = first.column("_shard")[0].as_py()
        yield _write_shard(layout, directory, number, chain([first], batches))


def _write_shard(
    layout: ShardLayout, directory: str, number: int, batches: Iterator[pa.RecordBatch]
) -> ExportedShard:
    name = layout.file_name(number)
    with storage.scratch(storage.join(directory, name)) as path:
        counts = layout.write(path, batches)
        file = StoredFile(name, counts.rows, path.stat().st_size, storage.sha256_of(path))
    return ExportedShard(number, file, counts)


def _describe(
    directory: str,
    shards: Sequence[StoredFile],
    counts: ExportCounts,
    layout: ShardLayout,
    name: str,
    fingerprint: str,
) -> tuple[StoredFile, ...]:
    """Write the dataset card and the manifest."""
    card = dataset_card(name, counts, layout, fingerprint)
    manifest = to_text(ExportManifest(fingerprint, layout, counts, tuple(shards)))
    return (
        storage.write_text(directory, CARD, card),
        storage.write_text(directory, MANIFEST, manifest),
    )
