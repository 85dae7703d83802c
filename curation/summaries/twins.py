"""The documents that stayed where others left for their sake, added to the summary of a step.

A part does not know which of its documents others leave for. So those that belong to the samples
of a whole step are looked up when it has been judged, by their ids alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from curation.storage.parquet import open_parquet
from curation.summaries.documents import columns_to_summarise
from curation.summaries.picks import PickKind
from curation.summaries.samples import picked_as
from curation.summaries.summary import NOTHING, Summary, add
from schemas.verdict import Decision


def twins_wanted(summary: Summary) -> list[str]:
    """The ids of the documents that sampled ones left for, sorted."""
    return sorted(set(summary.documents["twin"].to_pylist()) - {""})


def find_twins(uri: str, decision: Decision, wanted: Sequence[str]) -> Summary:
    """Those of the wanted documents that a file has, as a summary that counts none."""
    values = pa.array(wanted, pa.string())
    found = [NOTHING]
    with open_parquet(uri) as parquet:
        columns = columns_to_summarise(parquet.schema_arrow)
        for group in range(parquet.num_row_groups):
            ids = parquet.read_row_group(group, columns=["doc_id"])["doc_id"]
            places = pc.indices_nonzero(pc.is_in(ids, value_set=values))
            if len(places):
                rows = parquet.read_row_group(group, columns=columns).take(places)
                picks, documents = picked_as(PickKind.TWIN, rows, decision)
                found.append(replace(NOTHING, picks=picks, documents=documents))
    return add(found)
