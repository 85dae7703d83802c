"""Summaries of the first version: coarser, and with three documents of a kind."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from curation.summaries.bins import bins_of
from curation.summaries.picks import DOCUMENTS, EDITS, IDENTITY, PICKS, VALUES, PickKind
from curation.summaries.summary import (
    COUNTS,
    CUTS,
    HISTOGRAMS,
    LABELS,
    LIMITS,
    Summary,
    add,
)
from curation.summaries.tables import empty

FIRST_TABLES = ("counts", "labels", "histograms", "cuts", "samples")


def upgrade(tables: Mapping[str, pa.Table]) -> Summary:
    """What the tables of a summary of the first version say, as a summary says it now.

    A histogram's bin becomes the one of its least value; what was not counted is 0 or "".
    """
    histograms = tables["histograms"]
    bins = pa.array(bins_of(np.asarray(histograms["lowest"])))
    place = HISTOGRAMS.get_field_index("bin")
    one = Summary(
        _filled(tables["counts"].append_column("rows", tables["counts"]["pages"]), COUNTS),
        _filled(tables["labels"].append_column("rows", tables["labels"]["pages"]), LABELS),
        _filled(histograms.set_column(place, "bin", bins), HISTOGRAMS),
        _filled(tables["cuts"], CUTS),
        empty(LIMITS),
        _picks(tables["samples"]),
        _documents(tables["samples"]),
    )
    return add([one])


def _picks(samples: pa.Table) -> pa.Table:
    kinds = pc.if_else(samples["cut"], str(PickKind.CUT), str(PickKind.END))
    clusters = pa.repeat(pa.scalar(-1), samples.num_rows)
    made = samples.append_column("kind", kinds).append_column("cluster", clusters)
    return _filled(made, PICKS)


def _documents(samples: pa.Table) -> pa.Table:
    """Those of cut lines were kept; their ``stage`` and ``reason`` are those of the lines."""
    columns = {name: samples[name] for name in (*IDENTITY, "decision", "detail", "url")}
    for name in ("stage", "reason"):
        columns[name] = pc.if_else(samples["cut"], "", samples[name])
    columns["text"] = samples["snippet"]
    columns["characters"] = pc.utf8_length(samples["snippet"]).cast(pa.int64())
    lines = samples["lines"].combine_chunks()
    columns["edits"] = _edits(lines)
    columns["values"] = pa.array([[]] * samples.num_rows, VALUES)
    return _filled(pa.table(columns), DOCUMENTS)


def _edits(lines: pa.ListArray) -> pa.ListArray:
    """The lines that were cut; where they stood was not kept."""
    flat = lines.flatten()
    fields = [pc.struct_field(flat, name) for name in ("stage", "reason")]
    fields.append(pa.array(np.zeros(len(flat), dtype=np.int64)))
    fields.append(pc.struct_field(flat, "text"))
    values = pa.StructArray.from_arrays(fields, fields=list(EDITS.value_type))
    lengths = np.asarray(pc.list_value_length(lines))
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(starts), values, type=EDITS)


_FILL = {pa.string(): "", pa.int64(): 0, pa.float64(): 0.0, pa.bool_(): False}


def _filled(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The columns of a schema; those that the table lacks are empty."""
    columns = [
        table[field.name]
        if field.name in table.column_names
        else pa.repeat(pa.scalar(_FILL[field.type], field.type), table.num_rows)
        for field in schema
    ]
    return pa.table(columns, schema=schema)
