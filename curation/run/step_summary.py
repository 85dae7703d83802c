"""The summary of a step: those of its parts, added, and the twins of its samples."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from curation import storage
from curation.spark.tasks import run_tasks
from curation.storage import StoredFile
from curation.storage.manifest import PartResult
from curation.summaries.files import merge_files, read_summary, write_summary
from curation.summaries.summary import Summary, add
from curation.summaries.twins import find_twins, twins_wanted
from schemas.verdict import Decision

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MERGED_TOGETHER = 64
"""More files than that are merged by tasks, so many by each: one takes 2 ms and more."""


def merge_summaries(
    spark: SparkSession, folder: str, files: Sequence[StoredFile | None]
) -> StoredFile | None:
    """Write the summary of a step whose parts have these; None where no part has one.

    What it says does not depend on which are merged first.
    """
    left = [file for file in files if file]
    while len(left) > MERGED_TOGETHER:
        groups = [left[n : n + MERGED_TOGETHER] for n in range(0, len(left), MERGED_TOGETHER)]
        left = run_tasks(spark, groups, partial(merge_files, folder, "merged"))
    return merge_files(folder, "step", left) if left else None


def add_twins(
    spark: SparkSession, folder: str, summary: StoredFile | None, results: Sequence[PartResult]
) -> StoredFile | None:
    """The summary of a step with the documents that its samples left for, if there are any.

    They are found by their ids: the text of no other document is read.
    """
    if summary is None:
        return None
    known = read_summary(storage.join(folder, summary.name))
    wanted = twins_wanted(known)
    if not wanted:
        return summary
    files = [(decision, file) for one in results for decision, file in one.files.items()]
    find = partial(_find, folder, wanted)
    found = run_tasks(spark, files, find) if len(files) > MERGED_TOGETHER else map(find, files)
    return write_summary(add([known, *found]), folder, "step")


def _find(folder: str, wanted: Sequence[str], file: tuple[Decision, StoredFile]) -> Summary:
    return find_twins(storage.join(folder, file[1].name), file[0], wanted)
