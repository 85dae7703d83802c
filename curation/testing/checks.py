"""The checks: each takes a stage and documents to try it on, and raises AssertionError."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import pyarrow as pa
from pydantic_core import to_jsonable_python

from conf.references import ClassReferenceError
from curation.storage.records import from_values
from curation.testing import samples
from curation.testing.corpus import run_corpus_stage
from schemas.verdict import Decision
from stages.base import CorpusStage, Row, Stage
from stages.chain import Document, open_chain, run_chain
from stages.registry import KNOWN_STAGES

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Documents = Sequence[Row]
"""Documents with at least the columns that the stage reads, each with a ``position`` of its own."""

Check = Callable[[Stage, Documents], None]


def check_stage(
    stage: Stage, documents: Documents | None = None, spark: SparkSession | None = None
) -> None:
    """Run every check. Raises AssertionError with what the stage does not keep to, or its error.

    ``documents`` are some in Chinese and English unless others are given, as a stage needs that
    reads columns which no stage of ours writes. A corpus stage needs a session of ``spark``.
    """
    if isinstance(stage, CorpusStage) and spark is None:
        raise ValueError(f"{stage.name} is a corpus stage: give check_stage a Spark session")
    tried = samples.documents() if documents is None else documents
    for check in checks_of(stage):
        check(stage, tried)
    if isinstance(stage, CorpusStage) and spark is not None:
        gives_the_same_verdicts_over_any_partitions(stage, tried, spark)


def checks_of(stage: Stage | type[Stage]) -> tuple[Check, ...]:
    """The checks of a stage that need no Spark, to be run one by one."""
    kind = stage if isinstance(stage, type) else type(stage)
    return OF_CORPUS_STAGES if issubclass(kind, CorpusStage) else OF_DOCUMENT_STAGES


def is_found_by_its_reference(stage: Stage, _: Documents) -> None:
    """A configuration, and a worker, can name its class."""
    reference = KNOWN_STAGES.reference_to(type(stage))
    try:
        found = KNOWN_STAGES.find(reference)
    except ClassReferenceError as error:
        raise AssertionError(f"{reference}: {error}") from error
    assert found is type(stage), f"{reference} is {found}"


def says_what_it_reads_and_writes(stage: Stage, documents: Documents) -> None:
    """Its columns have Arrow types, and each of its files a digest."""
    for name, kind in stage.written.items():
        assert isinstance(kind, pa.DataType), f"writes[{name!r}] is no Arrow type: {kind!r}"
    for name, digest in stage.resources().items():
        assert isinstance(digest, str), f"resources()[{name!r}] is no text: {digest!r}"
        assert digest, f"resources()[{name!r}] is empty"
    lacking = [name for name in stage.reads if any(name not in row for row in documents)]
    assert not lacking, f"reads {lacking}, which not all documents have: give the check others"


def is_made_again_from_its_settings(stage: Stage, _: Documents) -> None:
    """Its fields are what a TOML file can say."""
    again = from_values(to_jsonable_python(asdict(stage)), type(stage))
    assert again == stage, f"{stage} became {again}"


def travels_to_a_worker_unchanged(stage: Stage, _: Documents) -> None:
    """It is equal to its pickle."""
    again = pickle.loads(pickle.dumps(stage))  # noqa: S301 - of what was pickled right here
    assert again == stage, f"{stage} became {again}"


def gives_each_document_one_verdict(stage: Stage, documents: Documents) -> None:
    """And no columns but those that it writes, of their types."""
    rows = _views(stage, documents)
    verdicts = stage.open()(rows)
    assert len(verdicts) == len(rows), f"{len(verdicts)} verdicts for {len(rows)} documents"
    for verdict in verdicts:
        undeclared = set(verdict.columns) - set(stage.written)
        assert not undeclared, f"gives columns {sorted(undeclared)}, which writes does not declare"
        kept = verdict.decision is Decision.KEEP
        assert (verdict.reason == "") == kept, f"{verdict.decision} for reason {verdict.reason!r}"
        schema = pa.schema([(name, stage.written[name]) for name in verdict.columns])
        pa.RecordBatch.from_pylist([dict(verdict.columns)], schema=schema)


def gives_no_verdict_for_no_document(stage: Stage, _: Documents) -> None:
    """An empty batch is no error."""
    assert list(stage.open()([])) == [], "verdicts for no documents"


def judges_each_document_by_itself(stage: Stage, documents: Documents) -> None:
    """A verdict does not depend on what else is in the batch, nor on what came before it."""
    rows = _views(stage, documents)
    judge = stage.open()
    together = list(judge(rows))
    alone = [judge([row])[0] for row in reversed(rows)][::-1]
    again = list(stage.open()(rows))
    for one, other, third in zip(together, alone, again, strict=True):
        assert one == other, f"in a batch: {one}; alone: {other}"
        assert one == third, f"at first: {one}; opened again: {third}"


def leaves_documents_as_they_were(stage: Stage, documents: Documents) -> None:
    """Whatever it changes, it says in its verdict."""
    rows, before = _views(stage, documents), _views(stage, documents)
    stage.open()(rows)
    for row, was in zip(rows, before, strict=True):
        assert row == was, f"made {row} of {was}"


def quarantines_no_ordinary_document(stage: Stage, documents: Documents) -> None:
    """It raises on none of them either."""
    judged = [Document(dict(row)) for row in documents]
    run_chain(open_chain([stage]), judged)
    failed = [d.detail for d in judged if d.decision is Decision.QUARANTINE]
    assert not failed, f"{len(failed)} of {len(judged)} documents, the first: {failed[0]}"


def makes_the_keys_of_each_document_by_itself(stage: Stage, documents: Documents) -> None:
    """Keys have the declared columns and types, and do not depend on the rest of the batch."""
    assert isinstance(stage, CorpusStage), f"{stage.name} is no corpus stage"
    rows = _views(stage, documents)
    keys = stage.open_keys()
    schema = pa.schema(list(stage.keys.items()))
    together = _stored(keys(rows), schema)
    assert len(together) == len(rows), f"{len(together)} keys for {len(rows)} documents"
    alone = [_stored(keys([row]), schema)[0] for row in reversed(rows)][::-1]
    for one, other in zip(together, alone, strict=True):
        assert one == other, f"in a batch: {one}; alone: {other}"
    assert _stored(keys([]), schema) == [], "keys for no documents"


def gives_the_same_verdicts_over_any_partitions(
    stage: CorpusStage, documents: Documents, spark: SparkSession
) -> None:
    """One verdict for each document, whatever order and partition they come in."""
    one, _ = run_corpus_stage(spark, stage, documents, partitions=1)
    seven, _ = run_corpus_stage(spark, stage, documents[::-1], partitions=7)
    assert len(one) == len(documents), f"{len(one)} verdicts for {len(documents)} documents"
    differing = [position for position, verdict in one.items() if seven[position] != verdict]
    assert not differing, f"the verdicts at {differing} depend on partitions"


def _views(stage: Stage, documents: Documents) -> list[dict[str, object]]:
    """The documents with the columns that the stage reads, and no other."""
    return [{name: row[name] for name in stage.reads} for row in documents]


def _stored(keys: Sequence[Row], schema: pa.Schema) -> list[dict[str, object]]:
    for key in keys:
        assert set(key) == set(schema.names), f"keys {sorted(key)}, declared {schema.names}"
    rows: list[dict[str, object]] = pa.Table.from_pylist(list(keys), schema=schema).to_pylist()
    return rows


OF_ALL_STAGES: tuple[Check, ...] = (
    is_found_by_its_reference,
    says_what_it_reads_and_writes,
    is_made_again_from_its_settings,
    travels_to_a_worker_unchanged,
)
OF_DOCUMENT_STAGES: tuple[Check, ...] = (
    *OF_ALL_STAGES,
    gives_each_document_one_verdict,
    gives_no_verdict_for_no_document,
    judges_each_document_by_itself,
    leaves_documents_as_they_were,
    quarantines_no_ordinary_document,
)
OF_CORPUS_STAGES: tuple[Check, ...] = (*OF_ALL_STAGES, makes_the_keys_of_each_document_by_itself)
