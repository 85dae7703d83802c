"""Kept documents to shards: fixed count, seeded order, the same bytes however Spark cut the work.

The only place where a document becomes several rows, and where text crosses a shuffle. How a shard
is written is the format's (``curation.outputs.shards.ShardLayout``).
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import pyarrow as pa
from annotated_types import Unit
from pydantic import JsonValue

from curation import storage
from curation.outputs.base import Made, Material, Output, OutputAccount
from curation.outputs.dataset_card import CONFIGURATION, MANIFEST, DatasetFacts, dataset_card
from curation.outputs.export_counts import ExportCounts, total
from curation.outputs.export_manifest import ExportedColumn, ExportManifest
from curation.outputs.provenance import common_folder
from curation.outputs.shard_count import count_shards
from curation.outputs.shard_rewriting import rewrite_shards, subtract
from curation.outputs.shards import (
    ShardLayout,
    exported_schema,
    needed_columns,
    order_of,
    place_rows,
    shard_of,
)
from curation.spark.frames import read_items
from curation.spark.tasks import RunTasks, run_on_partitions
from curation.storage import StoredFile
from curation.storage.parquet import open_parquet
from curation.storage.records import parse_record, to_text
from schemas.shard import SHARD_COLUMNS
from schemas.verdict import VERDICT_FIELDS
from stages.base import Bytes, Count

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

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

    columns: tuple[str, ...] = ()
    """Names of columns, in their order; none: all of the table below that the pipeline has.
    `doc_id` and `copy` are always there."""
    shards: Annotated[Count, Unit("shards")] = 0
    """How many; 0: as many as `rows_per_shard` or else `bytes_per_shard` asks for."""
    rows_per_shard: Annotated[Count, Unit("rows")] = 0
    """Of which the number of shards follows, rounded up; 0: it follows from bytes."""
    bytes_per_shard: Bytes = 256 << 20
    """Of text in UTF-8, before it is compressed."""
    seed: Count = 0
    """Of the order of rows."""
    source_root: str = ""
    """Folder or URI that `warc_filename` is relative to; "" is the deepest folder that all files of
    the batch lie in."""

    @abstractmethod
    def layout(self, shards: int, schema: pa.Schema) -> ShardLayout:
        """How that many shards of this schema are written."""

    def check(self, columns: Mapping[str, pa.DataType]) -> None:
        """Raise ValueError for a chosen column that no document has."""
        exported_schema(pa.schema([*columns.items(), *VERDICT_FIELDS]), self.columns)

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
        root = self.source_root or common_folder(material.sources)
        made = export_shards(spark, uris, folder, self, fingerprint=material.fingerprint, root=root)
        described = self._describe(material, folder, root, made)
        rows_in = sum(file.rows for file in material.files)
        files = (*made.files, *described)
        return _account(files, rows_in, made.counts)

    def without(
        self, run: RunTasks, material: Material, made: Made, into: str
    ) -> OutputAccount | None:
        """Write the shards that change, and what lies beside all."""
        uri = storage.join(made.folder, MANIFEST)
        former = parse_record(uri, storage.read_bytes(uri), ExportManifest)
        schema = _exported(list(map(material.uri, material.files)), self)
        layout = self.layout(len(former.files), schema)
        rewritten = rewrite_shards(run, layout, made, into)
        taken_out = total(shard.taken_out for shard in rewritten)
        rows_in = sum(file.rows for file in material.files)
        if not taken_out.rows:
            return _account(made.files, rows_in, former.counts)
        counts = subtract(former.counts, taken_out)
        shards = tuple(shard.file for shard in rewritten)
        beside = describe_shards(into, layout, material.fingerprint, counts, shards)
        result = ExportResult(shards, beside, counts)
        root = self.source_root or common_folder(material.sources)
        described = self._describe(material, into, root, result)
        return _account((*result.files, *described), rows_in, counts)

    def _describe(
        self, material: Material, folder: str, root: str, made: ExportResult
    ) -> tuple[StoredFile, ...]:
        """Write the dataset card and the configuration beside the shards."""
        layout = self.layout(1, pa.schema([]))
        facts = DatasetFacts(
            material.pipeline,
            material.fingerprint,
            layout.suffix if layout.hub_reads else "",
            made.counts,
            material.sources,
            root,
            material.steps,
        )
        settings = dict(sorted(material.configuration.items()))
        written = json.dumps(settings, ensure_ascii=False, indent=1) + "\n"
        return (
            storage.write_text(folder, CARD, dataset_card(facts)),
            storage.write_text(folder, CONFIGURATION, written),
        )


def _account(files: tuple[StoredFile, ...], rows_in: int, counts: ExportCounts) -> OutputAccount:
    return OutputAccount(files, rows_in, counts.documents, counts.figures(), counts.by_group())


def export_shards(
    spark: SparkSession,
    files: Sequence[str],
    directory: str,
    output: SeededShards,
    *,
    fingerprint: str = "",
    root: str = "",
) -> ExportResult:
    """Write the documents of Parquet files (the last step's kept ones) as shards.

    Each row of the files is written ``copies`` times (once if there is no such column). The bytes
    depend on the rows, the output's fields and ``root``, below which the crawl lies, alone. No
    files, or no rows, give one empty shard. Raises ValueError for a column that no document has.
    """
    layout = _layout(spark, files, output)
    kept = [KeptFile(number, uri) for number, uri in enumerate(files)]
    placed = read_items(spark, kept, partial(_place_file, layout, root), layout.placed_schema)
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
    beside = describe_shards(directory, layout, fingerprint, counts, stored)
    return ExportResult(stored, beside, counts)


def describe_shards(
    directory: str,
    layout: ShardLayout,
    fingerprint: str,
    counts: ExportCounts,
    shards: tuple[StoredFile, ...],
) -> tuple[StoredFile, ...]:
    """Write the manifest, and what the format's own readers look for."""
    columns = tuple(map(ExportedColumn.of, layout.schema))
    manifest = ExportManifest(fingerprint, layout.seed, columns, counts, shards)
    texts = {MANIFEST: to_text(manifest), **layout.index(shards)}
    return tuple(storage.write_text(directory, name, text) for name, text in texts.items())


def _layout(spark: SparkSession, files: Sequence[str], output: SeededShards) -> ShardLayout:
    shards = output.shards or count_shards(
        spark, files, output.rows_per_shard, output.bytes_per_shard
    )
    return output.layout(shards, _exported(files, output))


def _exported(files: Sequence[str], output: SeededShards) -> pa.Schema:
    """The schema of the rows that an output makes of some files."""
    found = _schema_of(files[0]) if files else pa.schema(SHARD_COLUMNS.values())
    return exported_schema(found, output.columns)


def _schema_of(file: str) -> pa.Schema:
    with open_parquet(file) as parquet:
        return parquet.schema_arrow


def _place_file(layout: ShardLayout, root: str, file: KeptFile) -> Iterator[pa.RecordBatch]:
    wanted = needed_columns(layout.schema)
    with open_parquet(file.uri) as parquet:
        names = [name for name in parquet.schema_arrow.names if name in wanted]
        for batch in parquet.iter_batches(READ_ROWS, columns=names):
            yield from place_rows(batch, file.number, layout, root)


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
