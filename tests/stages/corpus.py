"""Runs a corpus stage on a few documents, as the engine would, without files."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from schemas.verdict import Verdict
from stages.base import CorpusStage

Verdicts = dict[int, Verdict]


def run_corpus_stage(
    spark,
    stage: CorpusStage,
    documents: Sequence[Mapping[str, Any]],
    partitions: int,
    earlier: Sequence[Sequence[Mapping[str, Any]]] | None = None,
) -> tuple[Verdicts, list[dict[str, Any]]]:
    """The verdict of each document by ``position``, and the state that the batch leaves.

    A document has ``position``, ``doc_id`` and what the stage reads, and may have ``part`` (else
    positions are cut into 8 parts); ``earlier`` holds the states of earlier batches, first to last.
    """
    rows = key_rows(stage, documents)
    keys = frame(spark, rows, {**ROW_ID, "doc_id": pa.string(), **stage.keys})
    keys = keys.repartition(partitions).persist()
    before = None
    if earlier is not None:
        states = [{**r, "batch_number": n} for n, state in enumerate(earlier) for r in state]
        before = frame(spark, states, {**(stage.state_columns or {}), "batch_number": pa.int32()})
    flags = stage.flag(keys, before).persist()
    assert flags.columns == [*ROW_ID, *stage.flags]
    raised = {(r["part"], r["position"]): r.asDict(recursive=True) for r in flags.collect()}
    assert len(raised) == flags.count(), "a document was flagged twice"
    state = []
    if stage.state_columns is not None:
        table = stage.state(keys, flags, before)
        assert table.columns == list(stage.state_columns)
        state = [r.asDict(recursive=True) for r in table.collect()]
    judge = stage.open()
    view = [
        {**{name: d[name] for name in stage.reads}, "flag": raised.get((r["part"], r["position"]))}
        for d, r in zip(documents, rows, strict=True)
    ]
    verdicts = dict(zip((d["position"] for d in documents), judge(view), strict=True))
    for used in (keys, flags):
        used.unpersist()
    return verdicts, state


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
