"""The summary of some documents, made of the rows in which a step stores them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from curation.summaries.columns import constant, ones, sites_of, texts, whole_numbers
from curation.summaries.histograms import histograms, numeric_columns
from curation.summaries.samples import SAMPLED_COLUMNS, samples_and_cuts
from curation.summaries.summary import COUNTS, LABELS, LIMITS, NO_LIMITS, Limits, Summary
from curation.summaries.tables import add_rows, distinct_rows, empty
from schemas.verdict import Decision

LABEL_COLUMNS = (
    *("category", "page_type", "charset"),
    *(f"{stage}_judged_by" for stage in ("category", "clutter", "page_type", "quality")),
)
"""Columns that name a class of documents, or the model that judged them: of few values, as dates
and titles are not."""
BENCHMARKS, BENCHMARK_ITEMS = "benchmarks", "benchmark_items"
"""Labels of which a document may have several: the benchmarks that it holds items of, and the items
as BENCHMARK/ITEM. They are made of the column ``CONTAMINATION``; items are as many as were found.
"""
CONTAMINATION = "contamination"


def columns_to_summarise(schema: pa.Schema) -> list[str]:
    """The columns of a step's rows that a summary is made of."""
    labels = (*LABEL_COLUMNS, CONTAMINATION)
    wanted = {*SAMPLED_COLUMNS, *labels, *numeric_columns(schema)}
    return [name for name in schema.names if name in wanted]


def summarise(rows: pa.Table, decision: Decision, limits: Limits = NO_LIMITS) -> Summary:
    """The summary of documents of one decision; ``limits`` are the thresholds of their step."""
    ends = [constant(decision, rows.num_rows), texts(rows, "stage"), texts(rows, "reason")]
    ends.append(texts(rows, "language"))
    amounts, sites = _amounts(rows, decision), sites_of(rows)
    picks, documents, cuts = samples_and_cuts(rows, decision, sites, limits)
    return Summary(
        _counts(rows, ends, sites, amounts),
        _labels(rows, ends, amounts),
        histograms(rows, decision),
        cuts,
        _limits(limits),
        picks,
        documents,
    )


def _amounts(rows: pa.Table, decision: Decision) -> list[pa.Array]:
    """Of each document, in the order of ``AMOUNTS``."""
    count = rows.num_rows
    kept = 1 if decision is Decision.KEEP else 0
    copies = whole_numbers(rows, "copies", default=kept)
    tokens = whole_numbers(rows, "tokens", default=0)
    characters = pc.fill_null(pc.utf8_length(rows["text"].combine_chunks()), 0).cast(pa.int64())
    return [ones(count), characters, copies, tokens, pc.multiply(copies, tokens)]


def _counts(
    rows: pa.Table, ends: Sequence[pa.Array], sites: pa.Array, amounts: Sequence[pa.Array]
) -> pa.Table:
    columns = [*ends, sites, *amounts, texts(rows, "doc_id"), texts(rows, "url")]
    keys = ["decision", "stage", "reason", "language", "site"]
    return add_rows(pa.table(columns, schema=COUNTS), keys, ["doc_id", "url"])


def _labels(rows: pa.Table, ends: Sequence[pa.Array], amounts: Sequence[pa.Array]) -> pa.Table:
    every = pa.array(np.arange(rows.num_rows))
    labels = {name: (every, texts(rows, name)) for name in LABEL_COLUMNS}
    if CONTAMINATION in rows.column_names:
        labels |= _benchmark_labels(rows[CONTAMINATION].combine_chunks())
    tables = [empty(LABELS)]
    for name, (places, values) in labels.items():
        of_ends, of_amounts = ([column.take(places) for column in c] for c in (ends, amounts))
        columns = [*of_ends, constant(name, len(places)), values, *of_amounts]
        table = pa.table(columns, schema=LABELS)
        tables.append(table.filter(pc.not_equal(table["value"], "")))
    keys = ["decision", "stage", "reason", "language", "column", "value"]
    return add_rows(pa.concat_tables(tables), keys)


def _benchmark_labels(found: pa.ListArray) -> dict[str, tuple[pa.Array, pa.Array]]:
    """The benchmarks of each document, and the items, each once for a document."""
    documents, items = pc.list_parent_indices(found), pc.list_flatten(found)
    benchmarks = pc.struct_field(items, "benchmark")
    names = pc.binary_join_element_wise(benchmarks, pc.struct_field(items, "item"), "/")
    return {
        label: _once_each(documents, values)
        for label, values in ((BENCHMARKS, benchmarks), (BENCHMARK_ITEMS, names))
    }


def _once_each(documents: pa.Array, values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The documents and their values, each pair once."""
    pairs = pa.table({"document": documents, "value": values})
    once = pairs.group_by(["document", "value"]).aggregate([])
    return once["document"].combine_chunks(), once["value"].combine_chunks()


def _limits(limits: Limits) -> pa.Table:
    rows = [{"stage": stage, **asdict(limit)} for stage, some in limits.items() for limit in some]
    return distinct_rows(pa.Table.from_pylist(rows, LIMITS), LIMITS.names)
