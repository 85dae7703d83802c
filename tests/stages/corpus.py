"""Runs a corpus stage on a few documents, as the engine would, without files."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from schemas.verdict import Verdict
from stages.base import CorpusStage, FittedCorpusStage

Verdicts = dict[int, Verdict]
Rows = Sequence[Mapping[str, Any]]


class BatchResult(NamedTuple):
    """Verdicts by ``position``, what the batch leaves, and the table that serves it, if one does."""

    verdicts: Verdicts
    state: list[dict[str, Any]]
    fitted: list[dict[str, Any]] | None


def run_corpus_stage(
    spark,
    stage: CorpusStage,
    documents: Rows,
    partitions: int,
    earlier: Sequence[Rows] | None = None,
) -> tuple[Verdicts, list[dict[str, Any]]]:
    """The verdict of each document by ``position``, and the state that the batch leaves."""
    result = run_batch(spark, stage, documents, partitions, earlier)
    return result.verdicts, result.state


def run_batch(
    spark,
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
    before = None
    if earlier is not None:
        states = [{**r, "batch_number": n} for n, state in enumerate(earlier) for r in state]
        before = frame(spark, states, {**(stage.state_columns or {}), "batch_number": pa.int32()})
    table = fitted
    if isinstance(stage, FittedCorpusStage):
        known = len(rows) + sum(map(len, earlier or ()))
        made = stage.fit(keys, before, table_of(spark, stage, fitted), known)
        if made is not None:
            assert made.columns == list(stage.fitted_columns)
            table = [r.asDict(recursive=True) for r in made.collect()]
        flags = stage.flag(keys, before, table_of(spark, stage, table))
    else:
        flags = stage.flag(keys, before)
    flags = flags.persist()
    assert flags.columns == [*ROW_ID, *stage.flags]
    raised = {(r["part"], r["position"]): r.asDict(recursive=True) for r in flags.collect()}
    assert len(raised) == flags.count(), "a document was flagged twice"
    state = []
    if stage.state_columns is not None:
        left = stage.state(keys, flags, before)
        assert left.columns == list(stage.state_columns)
        state = [r.asDict(recursive=True) for r in left.collect()]
    judge = stage.open()
    view = [
        {**{name: d[name] for name in stage.reads}, "flag": raised.get((r["part"], r["position"]))}
        for d, r in zip(documents, rows, strict=True)
    ]
    verdicts = dict(zip((d["position"] for d in documents), judge(view), strict=True))
    spark.catalog.clearCache()
    return BatchResult(verdicts, state, table)


def table_of(spark, stage: FittedCorpusStage, rows: Rows | None):
    """The table that serves as a frame, None for none."""
    return None if rows is None else frame(spark, rows, stage.fitted_columns)


ROW_ID = {"part": pa.int32(), "position": pa.int64()}


def key_rows(stage: CorpusStage, documents: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The narrow row of each document: which it is, and its keys."""
    places = sorted({d["position"] for d in documents})
    part_of = {position: place * 8 // len(places) for place, position in enumerate(places)}
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


def frame(spark, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, pa.DataType]):
    """A Spark frame of the given columns; ``rows`` may be none."""
    from pyspark.sql.pandas.types import from_arrow_schema

    schema = pa.schema(list(columns.items()))
    values = [tuple(row[name] for name in columns) for row in rows]
    return spark.createDataFrame(values, from_arrow_schema(schema))
