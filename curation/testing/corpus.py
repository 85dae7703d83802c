"""Runs a corpus stage on a few documents, as the engine would, without files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from schemas.verdict import Verdict
from stages.base import CorpusStage, FittedCorpusStage, Row

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Verdicts = dict[int, Verdict]
Rows = Sequence[Row]

ROW_ID: Mapping[str, pa.DataType] = {"part": pa.int32(), "position": pa.int64()}
PARTS = 8


class BatchResult(NamedTuple):
    """Verdicts by ``position``, what the batch leaves, and the table that serves it, if any."""

    verdicts: Verdicts
    state: list[dict[str, object]]
    fitted: Rows | None


def run_corpus_stage(
    spark: SparkSession,
    stage: CorpusStage,
    documents: Rows,
    partitions: int,
    earlier: Sequence[Rows] | None = None,
) -> tuple[Verdicts, list[dict[str, object]]]:
    """The verdict of each document by ``position``, and the state that the batch leaves."""
    result = run_batch(spark, stage, documents, partitions, earlier)
    return result.verdicts, result.state


def run_batch(
    spark: SparkSession,
    stage: CorpusStage,
    documents: Rows,
    partitions: int,
    earlier: Sequence[Rows] | None = None,
    fitted: Rows | None = None,
) -> BatchResult:
    """Keys, table, flags, state and verdicts of a batch.

    A document has ``position``, ``doc_id`` and what the stage reads, and may have ``part`` (else
    positions are cut into 8 parts); ``earlier`` holds the states of earlier batches, first to last,
    ``fitted`` the table that the last of them was judged by.
    """
    rows = key_rows(stage, documents)
    keys = frame(spark, rows, {**ROW_ID, "doc_id": pa.string(), **stage.keys})
    keys = keys.repartition(partitions).persist()
    before = None if earlier is None else _earlier_states(spark, stage, earlier)
    if isinstance(stage, FittedCorpusStage):
        known = len(rows) + sum(map(len, earlier or ()))
        made = stage.fit(keys, before, table_of(spark, stage, fitted), known)
        table = fitted if made is None else _collect(made, list(stage.fitted_columns))
        flags = stage.flag(keys, before, table_of(spark, stage, table)).persist()
    else:
        table = fitted
        flags = stage.flag(keys, before).persist()
    raised = _by_row_id(_collect(flags, [*ROW_ID, *stage.flags]))
    state = []
    if stage.state_columns is not None:
        state = _collect(stage.state(keys, flags, before), list(stage.state_columns))
    verdicts = _judge(stage, documents, rows, raised)
    spark.catalog.clearCache()
    return BatchResult(verdicts, state, table)


def table_of(spark: SparkSession, stage: FittedCorpusStage, rows: Rows | None) -> DataFrame | None:
    """The table that serves as a frame, None for none."""
    return None if rows is None else frame(spark, rows, stage.fitted_columns)


def key_rows(stage: CorpusStage, documents: Rows) -> list[dict[str, object]]:
    """The narrow row of each document: which it is, and its keys."""
    places = sorted({d["position"] for d in documents})
    part_of = {position: place * PARTS // len(places) for place, position in enumerate(places)}
    views = [{name: d[name] for name in stage.reads} for d in documents]
    return [
        {
            "part": d.get("part", part_of[d["position"]]),
            "position": d["position"],
            "doc_id": d["doc_id"],
            **key,
        }
        for d, key in zip(documents, stage.open_keys()(views), strict=True)
    ]


def frame(spark: SparkSession, rows: Rows, columns: Mapping[str, pa.DataType]) -> DataFrame:
    """A Spark frame of the given columns; ``rows`` may be none."""
    from pyspark.sql.pandas.types import from_arrow_schema

    schema = pa.schema(list(columns.items()))
    values = [tuple(row[name] for name in columns) for row in rows]
    return spark.createDataFrame(values, from_arrow_schema(schema))


def _earlier_states(spark: SparkSession, stage: CorpusStage, earlier: Sequence[Rows]) -> DataFrame:
    states = [{**row, "batch_number": n} for n, state in enumerate(earlier) for row in state]
    return frame(spark, states, {**(stage.state_columns or {}), "batch_number": pa.int32()})


def _collect(made: DataFrame, columns: list[str]) -> list[dict[str, object]]:
    assert made.columns == columns, f"columns {made.columns}, declared {columns}"
    return [row.asDict(recursive=True) for row in made.collect()]


def _by_row_id(flags: Rows) -> dict[tuple[int, int], Row]:
    raised = {(flag["part"], flag["position"]): flag for flag in flags}
    assert len(raised) == len(flags), "a document was flagged twice"
    return raised


def _judge(
    stage: CorpusStage, documents: Rows, rows: Rows, raised: Mapping[tuple[int, int], Row]
) -> Verdicts:
    view = [
        {**{name: d[name] for name in stage.reads}, "flag": raised.get((r["part"], r["position"]))}
        for d, r in zip(documents, rows, strict=True)
    ]
    return dict(zip((d["position"] for d in documents), stage.open()(view), strict=True))
