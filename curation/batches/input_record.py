"""What a batch's last run read: ``{root}/{pipeline}/{batch}/_inputs.json``.

A plan says by it which inputs have changed, and takes digests of content from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from curation import storage
from curation.sources.inputs.identity import KnownInput, known_input
from curation.sources.inputs.input_file import InputFile
from curation.storage.records import read_record, write_record

FILE_NAME = "_inputs.json"


@dataclass(frozen=True, slots=True)
class InputRecord:
    """The inputs of a run, in their order."""

    format_version: ClassVar[int] = 1
    remedy: ClassVar[str] = "delete it: it only says which inputs change, and how they are known"

    inputs: tuple[KnownInput, ...]

    def by_path(self) -> Mapping[str, KnownInput]:
        """The inputs by their paths."""
        return {one.path: one for one in self.inputs}


def load_inputs(batch_folder: str) -> InputRecord | None:
    """What the last run of a batch read; None for runs that kept no record of it.

    Raises RecordError.
    """
    return read_record(storage.join(batch_folder, FILE_NAME), InputRecord)


def save_inputs(batch_folder: str, files: Sequence[InputFile]) -> None:
    """Write what a run reads."""
    record = InputRecord(tuple(map(known_input, files)))
    write_record(storage.join(batch_folder, FILE_NAME), record)


def differences(former: InputRecord, files: Sequence[InputFile]) -> Iterator[str]:
    """What has changed since that run, a line for each input: other, new or gone."""
    known = dict(former.by_path())
    for file in files:
        before = known.pop(file.path, None)
        if before is None:
            yield f"new: {file.path}"
        elif difference := known_input(file).difference_from(before):
            yield f"changed: {file.path}: {difference}"
    for path in known:
        yield f"gone: {path}"
