"""The lines that a corpus has most often: how often, in which batches, and what they say.

The state of ``line_dedup`` holds a digest, a count and the place of the first occurrence for every
line, never its words. The words of those that are asked for are read where the line stands first:
in the document that the step before kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from curation import storage
from curation.batches.lineage import trace
from curation.batches.records import BatchRecord, read_records
from curation.batches.state_files import StateFile, read_state
from curation.errors import UsageError
from curation.storage import manifest
from curation.storage.parquet import open_parquet
from curation.storage.records import from_values
from schemas.verdict import Decision
from stages.base import Row
from stages.line_dedup import LineDedup, line_digest

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql import Row as SparkRow


@dataclass
class FrequentLine:
    """One line. ``line`` and ``first_url`` are None where its first document is gone."""

    digest: int
    by_batch: dict[str, int] = field(default_factory=dict)
    place: tuple[str, int, int] = ("", 0, 0)  # batch, part and position of the first occurrence
    line: str | None = None
    first_url: str | None = None

    @property
    def count(self) -> int:
        """Occurrences in all batches."""
        return sum(self.by_batch.values())


@dataclass(frozen=True)
class LineCounts:
    """The batches of a pipeline that have counted their lines, and how many of a line stay."""

    records: tuple[BatchRecord, ...]
    files: tuple[StateFile, ...]
    max_occurrences: int


def find_counts(pipeline_folder: str) -> LineCounts:
    """The counts that batches left. Raises UsageError if none has."""
    records, files, cap = [], [], 0
    for batch in trace(read_records(pipeline_folder)):
        done = batch.manifest_of(LineDedup.name)
        description = done.description(LineDedup.name) if done else None
        if done is None or description is None or description.version != LineDedup.version:
            continue
        records.append(batch.record)
        files += batch.state_files(LineDedup.name, done.state)
        cap = from_values(description.configuration, LineDedup).max_occurrences
    if not records:
        raise UsageError(f"{pipeline_folder}: no batch has finished stage {LineDedup.name}")
    return LineCounts(tuple(records), tuple(files), cap)


def top_lines(spark: SparkSession, counts: LineCounts, top: int) -> list[FrequentLine]:
    """The lines that occur most, the most frequent first, with their words."""
    names = {record.batch.number: record.batch.name for record in counts.records}
    found: dict[int, FrequentLine] = {}
    state = read_state(spark, counts.files, LineDedup.state_columns or {})
    for row in _rows_of_top(state, top):
        line = found.setdefault(row["digest"], FrequentLine(row["digest"]))
        batch = names[row["batch_number"]]
        if not line.by_batch:
            line.place = (batch, row["first_part"], row["first_position"])
        line.by_batch[batch] = row["count"]
    for record in counts.records:
        _read_words(record, [line for line in found.values() if line.place[0] == record.batch.name])
    return sorted(found.values(), key=lambda line: (-line.count, line.digest))


def _rows_of_top(state: DataFrame, top: int) -> Sequence[SparkRow]:
    """The rows of the lines with the greatest sums, batch by batch."""
    from pyspark.sql import functions as sf

    sums = state.groupBy("digest").agg(sf.sum("count").alias("sum"))
    first = sf.broadcast(sums.orderBy(sf.desc("sum"), "digest").limit(top).select("digest"))
    return sorted(state.join(first, "digest").collect(), key=lambda row: row["batch_number"])


def _read_words(record: BatchRecord, lines: Sequence[FrequentLine]) -> None:
    """Fill in what lines say that a batch saw first; a part's file is read once."""
    steps = record.run.steps
    before = steps[steps.index(record.run.states[LineDedup.name]) - 1]
    folder = storage.join(record.batch.folder, before)
    done = manifest.load(folder)
    files = {part: file.name for part, file in done.files(Decision.KEEP)} if done else {}
    by_part: dict[int, list[FrequentLine]] = {}
    for line in lines:
        by_part.setdefault(line.place[1], []).append(line)
    for part, wanted in by_part.items():
        uri = storage.join(folder, files.get(part, "gone"))
        if part in files and storage.exists(uri):
            documents = _documents_at(uri, {line.place[2] for line in wanted})
            for line in wanted:
                _fill(line, documents.get(line.place[2], {}))


def _documents_at(uri: str, positions: set[int]) -> dict[int, Row]:
    found: dict[int, Row] = {}
    wanted = pa.array(sorted(positions), pa.int64())
    with open_parquet(uri) as parquet:
        for batch in parquet.iter_batches(64, columns=["position", "url", "text"]):
            chosen = batch.filter(pc.is_in(batch.column("position"), wanted))
            found |= {row["position"]: row for row in chosen.to_pylist()}
    return found


def _fill(line: FrequentLine, document: Row) -> None:
    for text in (document.get("text") or "").split("\n"):
        if line_digest(text.strip()) == line.digest:
            line.line, line.first_url = text.strip(), document["url"]
            return
