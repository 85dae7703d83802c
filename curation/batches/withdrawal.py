"""Take batches out of a pipeline, with all that they left for later ones."""

from __future__ import annotations

from collections.abc import Sequence

from curation import storage
from curation.batches import merged_state
from curation.batches.lineage import trace
from curation.batches.records import histories, read_records
from curation.batches.run_record import FILE_NAME
from curation.errors import UsageError
from curation.storage import manifest


def choose(pipeline_folder: str, name: str, *, and_later: bool) -> list[str]:
    """The batches to withdraw, the latest first: that one, or also all after it.

    Raises UsageError for a name that no batch has.
    """
    names = [record.batch.name for record in read_records(pipeline_folder)]
    if name in names:
        return names[names.index(name) :][::-1] if and_later else [name]
    if name in storage.list_names(pipeline_folder) and not name.startswith("_"):
        return [name]  # what a withdrawal that was broken off has left
    known = ", ".join(names) or "none"
    raise UsageError(f"{pipeline_folder}: holds no batch {name!r}; its batches: {known}")


def withdraw(pipeline_folder: str, name: str) -> None:
    """Delete a batch, and merged states that it is in.

    The record goes first: from then on the batch does not count. Manifests go before the files that
    they list, so that whatever a withdrawal that is broken off leaves is taken for nothing; the
    next withdrawal of that name finishes it.
    """
    folder = storage.join(pipeline_folder, name)
    record = storage.join(folder, FILE_NAME)
    if storage.exists(record):
        storage.delete_file(record)
    merged_state.delete_others(pipeline_folder, valid_merges(pipeline_folder))
    for step in storage.list_names(folder):
        manifest.delete(storage.join(folder, step))
    storage.delete_folder(folder)


def valid_merges(pipeline_folder: str) -> Sequence[str]:
    """The merged folders that the batches as they are could still be asked for."""
    return [
        merged_state.folder_of(pipeline_folder, stage, lineage)
        for records in histories(read_records(pipeline_folder)).values()
        for batch in trace(records)
        for stage, lineage in batch.lineages.items()
    ]
