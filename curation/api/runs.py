"""A finished run as Arrow tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from curation import storage
from curation.errors import UsageError
from curation.inspect.funnel import funnel
from curation.inspect.run_files import StepRun, choose_run, load_run, read_columns
from curation.storage.parquet import open_parquet
from schemas.verdict import Decision

_COUNTS = pa.map_(pa.string(), pa.int64())
_FUNNEL = pa.schema(
    [
        ("step", pa.string()),
        ("stage", pa.string()),
        ("rows_in", pa.int64()),
        ("keep", pa.int64()),
        ("removed", _COUNTS),
        ("quarantined", _COUNTS),
        ("step_seconds", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Run:
    """What a batch has run last; a table is read when it is asked for, whole or by columns."""

    folder: str
    steps: tuple[StepRun, ...]

    def funnel(self) -> pa.Table:
        """What every stage took: documents in and kept, and how many left for which reason."""
        rows = funnel([step.manifest for step in self.steps])
        values = [[getattr(row, name) for row in rows] for name in _FUNNEL.names]
        return pa.table(values, schema=_FUNNEL)

    def documents(
        self, decision: str = Decision.KEEP, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """The documents of the run that ended so, in crawl order within each step.

        Kept ones have passed every step, the others left in any of them: ``stage``, ``reason`` and
        ``detail`` tell where and why, columns of later stages are null. Raises UsageError for a
        decision or a column that there is none of.
        """
        if decision not in list(Decision):
            raise UsageError(f"decision {decision!r}: there are {', '.join(Decision)}")
        judging = [step for step in self.steps if step.manifest.stages]
        ending = judging[-1:] if decision == Decision.KEEP else judging
        schema = _schema_of(uri for step in ending for uri in _first_file(step))
        names = _chosen(schema, columns)
        found = [read_columns(step, Decision(decision), names) for step in ending]
        return _joined((table for tables in found for _, table in tables), schema, names)

    def exported(self, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of the shards, in their order. Raises UsageError for a run without any."""
        files = [
            storage.join(step.folder, file.name)
            for step in self.steps
            for file in step.manifest.products
            if step.manifest.step == "export" and file.name.endswith(".parquet")
        ]
        if not files:
            raise UsageError(
                f"{self.folder}: has no shards: add an [export] table and run it again"
            )
        schema = _schema_of(files[:1])
        names = _chosen(schema, columns)
        return _joined((_read(uri, names) for uri in files), schema, names)


def open_run(root: str, pipeline: str | None = None, batch: str | None = None) -> Run:
    """The last run below a root: a folder or a URI, as ``curate run`` was given it.

    Raises UsageError where there is none, or more than one and neither ``pipeline`` nor ``batch``
    tells them apart.
    """
    folder = choose_run(root, pipeline, batch)
    return Run(folder, tuple(load_run(folder)))


def _first_file(step: StepRun) -> list[str]:
    """One file of the step, whose columns all of them have; none where nothing came in."""
    files = [file for decision in Decision for _, file in step.manifest.files(decision)]
    return [storage.join(step.folder, file.name) for file in files[:1]]


def _schema_of(files: Iterable[str]) -> pa.Schema:
    """The columns of all files together."""
    schemas = []
    for uri in files:
        with open_parquet(uri) as parquet:
            schemas.append(parquet.schema_arrow)
    return pa.unify_schemas(schemas) if schemas else pa.schema([])


def _chosen(schema: pa.Schema, columns: Sequence[str] | None) -> list[str]:
    names = schema.names if columns is None else list(columns)
    if unknown := [name for name in names if name not in schema.names]:
        raise UsageError(f"no column {', '.join(unknown)}: there are {', '.join(schema.names)}")
    return names


def _read(uri: str, names: Sequence[str]) -> pa.Table:
    with open_parquet(uri) as parquet:
        return parquet.read(columns=names)


def _joined(tables: Iterable[pa.Table], schema: pa.Schema, names: Sequence[str]) -> pa.Table:
    """All rows; a column that a table lacks is null there."""
    empty = schema.empty_table().select(names)
    return pa.concat_tables([empty, *tables], promote_options="default")
