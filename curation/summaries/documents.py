"""The summary of some documents, made of the rows in which a step stores them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from curation.summaries.columns import constant, ones, texts
from curation.summaries.histograms import histograms, numeric_columns
from curation.summaries.samples import SAMPLED_COLUMNS, samples_and_cuts
from curation.summaries.summary import COUNTS, LABELS, Summary, add_rows, empty
from schemas.verdict import Decision
from stages.sites import host_of

NO_SITE = "(none)"
LABEL_COLUMNS = (
    *("category", "page_type", "charset"),
    *("category_judged_by", "page_type_judged_by", "quality_judged_by"),
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
    wanted = {"language", "site", *SAMPLED_COLUMNS, *labels, *numeric_columns(schema)}
    return [name for name in schema.names if name in wanted]


def summarise(rows: pa.Table, decision: Decision) -> Summary:
    """The summary of documents of one decision."""
    samples, cuts = samples_and_cuts(rows, decision)
    scores = histograms(rows, decision)
    return Summary(_counts(rows, decision), _labels(rows, decision), scores, cuts, samples)


def _counts(rows: pa.Table, decision: Decision) -> pa.Table:
    columns = [
        constant(decision, rows.num_rows),
        *(texts(rows, "stage"), texts(rows, "reason"), texts(rows, "language"), _sites(rows)),
        ones(rows.num_rows),
        pc.fill_null(pc.utf8_length(rows["text"].combine_chunks()), 0).cast(pa.int64()),
        *(texts(rows, "doc_id"), texts(rows, "url")),
    ]
    keys = ["decision", "stage", "reason", "language", "site"]
    return add_rows(pa.table(columns, schema=COUNTS), keys, ["doc_id", "url"])


def _sites(rows: pa.Table) -> pa.Array:
    """The ``site`` column; where it has none, the URL's host."""
    sites = texts(rows, "site")
    lacking = pc.equal(sites, "")
    if not pc.any(lacking).as_py():
        return sites
    hosts = [host_of(url) or NO_SITE for url in texts(rows, "url").filter(lacking).to_pylist()]
    return pc.replace_with_mask(sites, lacking, pa.array(hosts, pa.string()))


def _labels(rows: pa.Table, decision: Decision) -> pa.Table:
    tables = [empty(LABELS)]
    labels = {name: texts(rows, name) for name in LABEL_COLUMNS}
    labels = {name: values.filter(pc.not_equal(values, "")) for name, values in labels.items()}
    if CONTAMINATION in rows.column_names:
        labels |= _benchmark_labels(rows[CONTAMINATION].combine_chunks())
    for name, values in labels.items():
        count = len(values)
        columns = [constant(decision, count), constant(name, count), values, ones(count)]
        tables.append(pa.table(columns, schema=LABELS))
    return add_rows(pa.concat_tables(tables), ["decision", "column", "value"])


def _benchmark_labels(found: pa.ListArray) -> dict[str, pa.Array]:
    """The benchmarks of each document, and the items, each once for a document."""
    documents, items = pc.list_parent_indices(found), pc.list_flatten(found)
    benchmarks = pc.struct_field(items, "benchmark")
    names = pc.binary_join_element_wise(benchmarks, pc.struct_field(items, "item"), "/")
    return {
        label: _once_each(documents, values)
        for label, values in ((BENCHMARKS, benchmarks), (BENCHMARK_ITEMS, names))
    }


def _once_each(documents: pa.Array, values: pa.Array) -> pa.Array:
    pairs = pa.table({"document": documents, "value": values})
    return pairs.group_by(["document", "value"]).aggregate([])["value"].combine_chunks()
