"""A list taken down from all batches of a root: kept with the root, carried out, verified.

The list is kept before anything changes, under a lease of every pipeline. Whatever is broken off
after that is finished by giving the list again; until then no run writes to the pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from curation import storage
from curation.batches import merged_state, pending
from curation.batches.lease import lease
from curation.batches.pending import PendingTakedown
from curation.batches.records import holds_batches
from curation.batches.remade import after_takedown
from curation.errors import UsageError
from curation.inspect.report import write_report
from curation.inspect.report.page import REPORT
from curation.run.circumstances import now
from curation.sources.takedown.entries import parse_list
from curation.sources.takedown.lists import (
    StoredLists,
    TakedownList,
    Takedowns,
    store,
    stored_lists,
)
from curation.spark.tasks import RunTasks
from curation.takedown.folders import BatchFolder, read_batch
from curation.takedown.pipeline import (
    BatchTakedown,
    check_batch,
    finish_outputs,
    survey,
    take_down,
)


@dataclass(frozen=True)
class DoneTakedown:
    """What became of a batch; ``deleted`` are folders of outputs that a run makes again."""

    takedown: BatchTakedown
    deleted: tuple[str, ...] = ()


def read_list(path: str) -> TakedownList:
    """A list from a file, as it would be kept. Raises UsageError for one that is not good."""
    try:
        content = storage.read_bytes(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error})") from error
    name = path.rstrip("/").rpartition("/")[2]
    return TakedownList(name, now(), parse_list(path, content))


def pipelines_of(root: str) -> list[str]:
    """The pipelines of a root that have batches. Raises UsageError where there is no root."""
    if not storage.exists(root):
        raise UsageError(f"--root {root}: is not there; name the folder or URI that holds the runs")
    folders = [storage.join(root, name) for name in storage.list_names(root)]
    return [folder for folder in folders if holds_batches(folder)]


def plan_takedown(run: RunTasks, root: str, listed: TakedownList) -> Iterator[BatchTakedown]:
    """What a list, and those that the root keeps, would take down now; changes nothing."""
    lists = Takedowns([*stored_lists(root).open().lists, listed])
    for folder in pipelines_of(root):
        yield from survey(run, folder, lists)


def carry_out(
    run: RunTasks, root: str, listed: TakedownList, tell: Callable[[DoneTakedown], None]
) -> None:
    """Keep a list with a root and take down what it and those before it name, batch by batch.

    ``tell`` hears of each batch that it is done.
    """
    folders = pipelines_of(root)
    with ExitStack() as leases:
        for folder in folders:
            leases.enter_context(lease(folder, f"a takedown of {listed.name}"))
        resumed = [folder for folder in folders if pending.is_pending(folder)]
        for folder in folders:
            pending.begin(folder, PendingTakedown(listed.name, listed.digest))
        store(root, listed)
        lists = stored_lists(root)
        for folder in folders:
            for name in storage.list_names(folder):
                finish_outputs(storage.join(folder, name))
            is_changed = folder in resumed
            for takedown in survey(run, folder, lists):
                deleted: tuple[str, ...] = ()
                if not takedown.is_done or folder in resumed:
                    deleted = _carry_out(run, folder, lists, takedown)
                    is_changed = True
                tell(DoneTakedown(takedown, deleted))
            if is_changed:
                _note_states(folder)
            pending.end(folder)


def _carry_out(
    run: RunTasks, pipeline_folder: str, lists: StoredLists, takedown: BatchTakedown
) -> tuple[str, ...]:
    """Take down what a batch has; the outputs that were deleted."""
    merged_state.delete_others(pipeline_folder, ())
    deleted = take_down(run, takedown, lists)
    check_batch(run, takedown, lists)
    report = storage.join(takedown.batch.folder, REPORT)
    if storage.exists(report):  # it shows texts
        storage.delete_file(report)
        write_report(takedown.batch.folder, None)
    return tuple(deleted)


def _note_states(pipeline_folder: str) -> None:
    """Write down what every batch has left for later ones, in its records.

    Those without any of the documents, too: what they left was judged against them.
    """
    for name in storage.list_names(pipeline_folder):
        if batch := read_batch(storage.join(pipeline_folder, name)):
            _note_states_of(batch)


def _note_states_of(batch: BatchFolder) -> None:
    for last in batch.runs:
        steps = {step.name: step.made for step in batch.steps_of(last)}
        noted = after_takedown(last.record, steps)
        if noted != last.record:
            noted.save(batch.folder, last.phase)
