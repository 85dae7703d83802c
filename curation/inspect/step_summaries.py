"""The summary of a step of a run: what its report and its sites are made of."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from curation import storage
from curation.inspect.run_files import StepRun
from curation.storage.parquet import open_parquet
from curation.summaries.documents import columns_to_summarise, summarise
from curation.summaries.files import read_summary
from curation.summaries.summary import Summary, add, total_of
from curation.summaries.twins import find_twins, twins_wanted
from schemas.verdict import Decision

_BATCH_ROWS = 512


def step_summary(run: StepRun) -> Summary:
    """What the step stored; a step that was done before there were summaries is summed up now.

    Raises RecordError for a summary that is gone, damaged or of a newer version.
    """
    stored = run.manifest.summary
    if stored is not None:
        return read_summary(storage.join(run.folder, stored.name))
    found = total_of(_summaries(run))
    wanted = twins_wanted(found)
    return add([found, *(find_twins(uri, decision, wanted) for decision, uri in _files(run))])


def _summaries(run: StepRun) -> Iterator[Summary]:
    for decision, uri in _files(run):
        with open_parquet(uri) as parquet:
            columns = columns_to_summarise(parquet.schema_arrow)
            for batch in parquet.iter_batches(_BATCH_ROWS, columns=columns):
                yield summarise(pa.Table.from_batches([batch]), decision, run.manifest.limits)


def _files(run: StepRun) -> Iterator[tuple[Decision, str]]:
    for decision in Decision:
        for _, file in run.manifest.files(decision):
            yield decision, storage.join(run.folder, file.name)
