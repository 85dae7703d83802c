"""Read back what a run wrote: its manifests, columns of its documents, its rows in outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
from pydantic import JsonValue

from conf.references import ClassReferenceError
from curation import storage
from curation.batches.run_record import FILE_NAME, load_run_record
from curation.errors import UsageError
from curation.storage import manifest
from curation.storage.manifest import Manifest
from curation.storage.parquet import open_parquet
from schemas.verdict import Decision


@dataclass(frozen=True)
class StepRun:
    """A step of a run that is done; ``output`` names the output that it made, if it made one.

    ``settings`` are those of the output.
    """

    folder: str
    manifest: Manifest
    output: str = ""
    settings: Mapping[str, JsonValue] = field(default_factory=dict)


def find_runs(root: str) -> list[str]:
    """The batch folders below a root that hold a run, sorted."""
    found = []
    for pipeline in storage.list_names(root):
        for batch in storage.list_names(storage.join(root, pipeline)):
            folder = storage.join(root, pipeline, batch)
            if storage.exists(storage.join(folder, FILE_NAME)):
                found.append(folder)
    return found


def runs_of(root: str, pipeline: str | None, batch: str | None) -> list[str]:
    """The batch folders that are meant. Raises UsageError if there is none."""
    fitting = [
        folder
        for folder in find_runs(root)
        if pipeline in (None, folder.split("/")[-2]) and batch in (None, folder.split("/")[-1])
    ]
    if not fitting:
        raise UsageError(f"--root {root}: holds no run of that pipeline and batch; run one first")
    return fitting


def choose_run(root: str, pipeline: str | None, batch: str | None) -> str:
    """The one batch folder that is meant. Raises UsageError if there is none, or more than one."""
    fitting = runs_of(root, pipeline, batch)
    if len(fitting) > 1:
        names = ", ".join("/".join(folder.split("/")[-2:]) for folder in fitting)
        raise UsageError(f"--root {root}: holds several runs ({names}); add --pipeline and --batch")
    return fitting[0]


def load_run(batch_folder: str) -> list[StepRun]:
    """The steps of a batch's last run that are done, in order."""
    last = load_run_record(batch_folder)
    if last is None:
        raise UsageError(f"{batch_folder}: holds no run")
    runs = []
    for name in last.steps:
        folder = storage.join(batch_folder, name)
        done = manifest.load(folder)
        if done:
            start = f"{done.step}."
            settings = {
                key.removeprefix(start): value
                for key, value in last.configuration.items()
                if key.startswith(start)
            }
            runs.append(StepRun(folder, done, last.output_of(done.step), settings))
    return runs


def read_columns(
    run: StepRun, decision: Decision, columns: Sequence[str]
) -> Iterator[tuple[str, pa.Table]]:
    """Each file of a decision with some of its columns; those that it lacks are left out."""
    for _, file in run.manifest.files(decision):
        uri = storage.join(run.folder, file.name)
        with open_parquet(uri) as parquet:
            there = [name for name in columns if name in parquet.schema_arrow.names]
            yield uri, parquet.read(columns=there)


def find_exported(run: StepRun, doc_id: str, copies: int) -> Iterator[tuple[str, int]]:
    """The file and row (from 0) of each copy of a document in an output that has rows of it.

    Those of an output whose class is not to be found on this machine are not known.
    """
    files = [file for file in run.manifest.products if file.rows]
    if not files:
        return
    from curation.outputs.registry import KNOWN_OUTPUTS  # and so all outputs: 0.2 s

    try:
        output = KNOWN_OUTPUTS.find(run.output)
    except ClassReferenceError:
        return
    for file in output.files_with(files, doc_id, copies, run.settings):
        for row in output.find(storage.join(run.folder, file.name), doc_id):
            yield file.name, row
