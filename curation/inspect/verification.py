"""Whether what a run left is still what it wrote: records, ledger, files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from curation import storage
from curation.batches.run_record import RunRecord, load_run_record, phases_in
from curation.errors import CurationError, LedgerError, RecordError, UsageError
from curation.storage import manifest
from curation.storage.integrity import find_damage
from curation.storage.ledger import check
from curation.storage.manifest import Manifest


@dataclass
class Verification:
    """What was looked at in a batch's last run and its phases, and what is wrong with it.

    So many ``steps`` are finished of those that were ``looked_for``, by the names of their folders.
    """

    folder: str
    steps: int = 0
    files: int = 0
    bytes: int = 0
    unfinished: list[str] = field(default_factory=list)
    faults: list[CurationError] = field(default_factory=list)
    looked_for: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        """Both in one line."""
        found = f"{len(self.faults):,} faults" if self.faults else "whole"
        looked = f"{self.steps:,} steps, {self.files:,} files, {self.bytes / 2**20:,.1f} MiB"
        left = f"; not finished: {', '.join(self.unfinished)}" if self.unfinished else ""
        return f"{self.folder}: {looked}: {found}{left}"


def verify(batch_folder: str, *, deep: bool = False) -> Verification:
    """Look at every step of a batch's last run and of its phases.

    With ``deep`` all bytes that they wrote are read. A step without a manifest is not finished; if
    a later one is, its manifest is gone. Raises UsageError for a folder without a run, OSError
    where the store fails.
    """
    found = Verification(batch_folder)
    try:
        last = load_run_record(batch_folder)
        phases = [load_run_record(batch_folder, phase) for phase in phases_in(batch_folder)]
    except RecordError as error:
        found.faults.append(error)
        return found
    if last is None:
        raise UsageError(f"{batch_folder}: holds no run")
    for run in (last, *filter(None, phases)):
        _look_at(found, run, deep=deep)
    return found


def _look_at(found: Verification, run: RunRecord, *, deep: bool) -> None:
    """Look at the steps of a run, or of a phase, that were not looked at for another one."""
    before: Manifest | None = None
    unfinished: list[str] = []
    for name in run.steps:
        folder, is_new = storage.join(found.folder, name), name not in found.looked_for
        found.looked_for.add(name)
        try:
            done = manifest.load(folder)
        except RecordError as error:
            found.faults += [error] * is_new
            before = None
            continue
        if done is None:
            unfinished += [name] * is_new
            before = None
            continue
        if is_new:
            found.faults += [_gone(found.folder, earlier) for earlier in unfinished]
            unfinished.clear()
            found.faults += _faults(folder, done, before, deep=deep)
            found.files += len(done.all_files())
            found.bytes += sum(file.bytes for file in done.all_files())
            found.steps += 1
        before = done if done.stages else before
    found.unfinished += unfinished


def _gone(batch_folder: str, step: str) -> RecordError:
    path = storage.join(batch_folder, step, manifest.FILE_NAME)
    return RecordError(f"{path}: is gone: run again, which does this step again")


def _faults(
    folder: str, done: Manifest, before: Manifest | None, *, deep: bool
) -> Iterator[CurationError]:
    try:
        check(done, before if done.stages else None)
    except LedgerError as error:
        yield error
    yield from find_damage(folder, done.all_files(), deep=deep)
