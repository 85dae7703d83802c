"""The summary of a step: those of its parts, added, and the twins of its samples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from curation import storage
from curation.spark.tasks import RunTasks
from curation.storage import StoredFile
from curation.storage.manifest import PartResult
from curation.summaries.files import merge_files, sum_of_files, write_summary
from curation.summaries.summary import Summary, add
from curation.summaries.twins import find_twins, twins_wanted
from schemas.verdict import Decision

MERGED_TOGETHER = 64
"""More files than that are merged by tasks, so many by each: one takes 2 ms and more."""


def summarise_step(run: RunTasks, folder: str, results: Sequence[PartResult]) -> StoredFile | None:
    """Write the summary of a step: those of its parts, and the documents that its samples left for.

    None where no part has one. What it says does not depend on which are merged first.
    """
    left = [result.summary for result in results if result.summary]
    if not left:
        return None
    while len(left) > MERGED_TOGETHER:
        groups = [left[n : n + MERGED_TOGETHER] for n in range(0, len(left), MERGED_TOGETHER)]
        left = run(groups, partial(merge_files, folder, "merged"))
    summary = sum_of_files(folder, left)
    if twins := [*_twins_of(run, folder, summary, results)]:
        summary = add([summary, *twins])
    return write_summary(summary, folder, "step")


def _twins_of(
    run: RunTasks, folder: str, known: Summary, results: Sequence[PartResult]
) -> Iterable[Summary]:
    """The twins of samples, found by their ids: the text of no other document is read."""
    wanted = twins_wanted(known)
    if not wanted:
        return ()
    files = [(decision, file) for one in results for decision, file in one.files.items()]
    find = partial(_find, folder, wanted)
    return run(files, find) if len(files) > MERGED_TOGETHER else map(find, files)


def _find(folder: str, wanted: Sequence[str], file: tuple[Decision, StoredFile]) -> Summary:
    return find_twins(storage.join(folder, file[1].name), file[0], wanted)
