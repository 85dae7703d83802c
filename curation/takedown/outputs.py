"""An output without some documents: prepared beside its files, then put in their place.

Its files keep their names, so they cannot change under a manifest that names their bytes. All that
changes is written to a folder of its own, with the manifest that is to be, last. Then the old
manifest goes, the files are moved, and the new manifest is written: broken off in between, the
output is not done, and what was prepared says how it goes on.
"""

from __future__ import annotations

from dataclasses import replace

from conf.records import ConfigError, RecordReader
from conf.references import ClassReferenceError
from curation import storage
from curation.batches.input_record import load_inputs
from curation.errors import UsageError
from curation.outputs.base import Made, Material, Output, OutputAccount
from curation.outputs.registry import KNOWN_OUTPUTS
from curation.spark.tasks import RunTasks
from curation.storage import StoredFile, manifest
from curation.storage.ledger import check
from curation.storage.manifest import Manifest
from curation.storage.stage_description import CLASS
from curation.takedown.finding import holding_rows
from curation.takedown.folders import PREPARED, BatchFolder, LastRun, StepFolder
from schemas.verdict import Decision


def finish_switch(folder: str) -> None:
    """Put in place what was prepared for an output; delete what was not prepared whole."""
    beside = storage.join(folder, PREPARED)
    prepared = manifest.load(beside)
    if prepared is None:
        storage.delete_folder(beside)
        return
    manifest.delete(folder)
    for name in storage.list_files(beside):
        if name != manifest.FILE_NAME:
            storage.move(storage.join(beside, name), storage.join(folder, name))
    prepared.save(folder)
    manifest.delete_strays(folder, prepared)
    storage.delete_folder(beside)


def take_out(
    run: RunTasks, batch: BatchFolder, step: StepFolder, leaving: frozenset[str]
) -> Manifest | None:
    """Prepare an output without some documents and put it in place; None where it was deleted.

    What no run lists any more, or cannot be had without them, is deleted if it may hold one: a run
    makes it again.
    """
    given = given_to(batch, step)
    if not may_hold(run, step, given, leaving):
        return step.made
    beside = storage.join(step.folder, PREPARED)
    account = _without(run, batch, step, given, leaving, beside)
    if account is None or given is None:
        manifest.delete(step.folder)
        storage.delete_folder(step.folder)
        return None
    now = replace(
        step.made,
        rows_in=account.rows_in,
        keep=account.documents,
        products=account.files,
        figures=account.figures,
        tokens=account.tokens,
    )
    check(now, given.made if given.made.stages else None)
    now.save(beside)
    finish_switch(step.folder)
    return now


def may_hold(
    run: RunTasks, step: StepFolder, given: StepFolder | None, leaving: frozenset[str]
) -> bool:
    """Whether an output may hold one of some documents.

    One whose files do not tell does if it was made of other rows than there are now.
    """
    rows = holding_rows(run, step.folder, step.made.products, leaving)
    if rows is None:
        return given is None or step.made.rows_in != sum(file.rows for file in _files_of(given))
    return bool(rows)


def given_to(batch: BatchFolder, step: StepFolder) -> StepFolder | None:
    """What an output of a last run is made of: another output, or the last step that judged."""
    run = batch.run_of(step)
    kind = _class_of(run, step) if run else None
    if run is None or kind is None:
        return None
    steps = batch.steps_of(run)
    if kind.made_of:
        return next((one for one in steps if one.made.step == kind.made_of), None)
    return next((one for one in reversed(steps) if one.made.stages), None)


def _without(
    run: RunTasks,
    batch: BatchFolder,
    step: StepFolder,
    given: StepFolder | None,
    leaving: frozenset[str],
    beside: str,
) -> OutputAccount | None:
    last = batch.run_of(step)
    output = _configured(batch, last, step) if last else None
    if given is None or last is None or output is None:
        return None
    made = Made(step.folder, step.made.products, leaving)
    try:
        return output.without(run, _material(batch, last, step, given), made, beside)
    except (UsageError, ValueError, OSError):  # a tokenizer that is not to be had any more
        return None


def _material(batch: BatchFolder, last: LastRun, step: StepFolder, given: StepFolder) -> Material:
    inputs = load_inputs(batch.folder)
    return Material(
        given.folder,
        _files_of(given),
        last.dataset_name(batch.folder.rstrip("/").split("/")[-2]),
        step.made.fingerprint,
        sources=tuple(one.path for one in inputs.inputs) if inputs else last.record.inputs,
        steps=tuple(one.made for one in batch.steps_of(last) if one.made.stages),
        configuration=last.record.configuration,
    )


def _files_of(given: StepFolder) -> tuple[StoredFile, ...]:
    made = given.made
    return tuple(f for _, f in made.files(Decision.KEEP)) if made.stages else made.products


def _class_of(last: LastRun, step: StepFolder) -> type[Output] | None:
    try:
        return KNOWN_OUTPUTS.find(last.record.output_of(step.made.step))
    except ClassReferenceError:
        return None


def _configured(batch: BatchFolder, last: LastRun, step: StepFolder) -> Output | None:
    """The output with the settings of a last run; None where it is not to be had."""
    kind, start = _class_of(last, step), f"{step.made.step}."
    settings = {
        key.removeprefix(start): value
        for key, value in last.record.configuration.items()
        if key.startswith(start) and key != f"{start}{CLASS}"
    }
    try:
        return RecordReader(batch.folder).record(kind, settings, step.made.step) if kind else None
    except ConfigError:
        return None
