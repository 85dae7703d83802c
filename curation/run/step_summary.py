"""The summary of a step: those of its parts, added."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from curation.spark.tasks import run_tasks
from curation.storage import StoredFile
from curation.summaries.files import merge_files

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
