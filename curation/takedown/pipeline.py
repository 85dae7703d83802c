"""All batches of a pipeline without what lists take down, verified: nothing of it may be left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from curation import storage
from curation.errors import DamageError
from curation.sources.takedown.lists import StoredLists, Takedowns
from curation.spark.tasks import RunTasks
from curation.storage.integrity import refuse_damaged
from curation.storage.ledger import check
from curation.storage.manifest import Manifest
from curation.takedown import outputs, steps
from curation.takedown.finding import Found, find, holding_rows, parts_with
from curation.takedown.folders import PREPARED, BatchFolder, StepFolder, read_batch


@dataclass(frozen=True)
class BatchTakedown:
    """What a batch has to do with some lists.

    ``found`` are its documents that they name. ``steps`` and ``outputs`` are the folders that hold
    one still, with how many rows of each; None where nobody can tell.
    """

    batch: BatchFolder
    found: tuple[Found, ...]
    steps: tuple[tuple[StepFolder, int], ...]
    outputs: tuple[tuple[StepFolder, int | None], ...]

    @property
    def leaving(self) -> frozenset[str]:
        """Those documents by their ids."""
        return frozenset(one.doc_id for one in self.found)

    @property
    def is_done(self) -> bool:
        """Whether none of them is left anywhere."""
        return not (self.steps or self.outputs or any(not one.is_out for one in self.found))


def survey(
    run: RunTasks, pipeline_folder: str, lists: StoredLists | Takedowns
) -> Iterator[BatchTakedown]:
    """What lists take down in each batch of a pipeline, by names; changes nothing."""
    for name in storage.list_names(pipeline_folder):
        if batch := read_batch(storage.join(pipeline_folder, name)):
            yield survey_batch(run, batch, lists)


def survey_batch(
    run: RunTasks, batch: BatchFolder, lists: StoredLists | Takedowns
) -> BatchTakedown:
    """What lists take down in a batch."""
    found = tuple(find(run, batch, lists))
    every = frozenset(one.doc_id for one in found)
    in_text = frozenset(one.doc_id for one in found if not one.is_out)
    held, made = [], []
    for step in batch.judged if found else ():
        leaving = in_text if step.is_first else every
        if rows := sum(parts_with(run, step.folder, step.made.parts, leaving).values()):
            held.append((step, rows))
    for step in batch.outputs if found else ():
        if outputs.may_hold(run, step, outputs.given_to(batch, step), every):
            rows_held = holding_rows(run, step.folder, step.made.products, every)
            made.append((step, rows_held))
    return BatchTakedown(batch, found, tuple(held), tuple(made))


def take_down(run: RunTasks, takedown: BatchTakedown, lists: StoredLists) -> list[str]:
    """Take the documents out of all that a batch has; the folders of outputs that were deleted.

    What a run that was broken off has left, and is done by the next one, is deleted. Raises
    DamageError, or what is wrong, where the batch is not whole afterwards.
    """
    batch = takedown.batch
    for folder in batch.unfinished:
        if not storage.exists(storage.join(folder, PREPARED)):
            storage.delete_folder(folder)
    for step in batch.judged:
        in_text = frozenset(one.doc_id for one in takedown.found if not one.is_out)
        steps.take_out(run, step, in_text if step.is_first else takedown.leaving, lists)
    deleted = []
    for name in [step.name for step in batch.outputs]:
        now = _reread(batch)
        step = next(one for one in now.outputs if one.name == name)
        if outputs.take_out(run, now, step, takedown.leaving) is None:
            deleted.append(step.folder)
    return deleted


def finish_outputs(batch_folder: str) -> None:
    """Finish what a takedown that was broken off has prepared for outputs of a batch."""
    for name in storage.list_names(batch_folder):
        folder = storage.join(batch_folder, name)
        if storage.exists(storage.join(folder, PREPARED)):
            outputs.finish_switch(folder)


def check_batch(run: RunTasks, takedown: BatchTakedown, lists: StoredLists) -> None:
    """Look whether a batch is whole and holds nothing that lists take down.

    Every byte that was written now is read again. Raises LedgerError or DamageError.
    """
    former = {
        (step.folder, file) for step in takedown.batch.steps for file in step.made.all_files()
    }
    now = _reread(takedown.batch)
    for last in now.runs:
        _check_ledger(now.places_of(last))
    for step in now.steps:
        files = step.made.all_files()
        written = [file for file in files if (step.folder, file) not in former]
        refuse_damaged(step.folder, files)
        refuse_damaged(step.folder, written, deep=True)
    after = survey_batch(run, now, lists)
    for step, _ in (*after.steps, *after.outputs):
        raise DamageError(f"{step.folder}: holds what was taken down: `curate takedown` again")


def _check_ledger(steps: Sequence[StepFolder | None]) -> None:
    """Look whether steps add up, each with the one before it if that is there."""
    before: Manifest | None = None
    for step in steps:
        if step is None:
            before = None
        elif step.made.stages:
            check(step.made, before)
            before = step.made
        else:
            check(step.made, None)


def _reread(batch: BatchFolder) -> BatchFolder:
    found = read_batch(batch.folder)
    assert found is not None
    return found
