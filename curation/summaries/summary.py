"""A summary: tables of documents that can be added, in any order and any grouping, to equal bytes.

What grows with a run is its sites, reasons and languages; of its text there are a few snippets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

SAMPLES = 3  # for each way in which documents ended, and for each cause of cut lines

COUNTS = pa.schema(
    [
        ("decision", pa.string()),
        ("stage", pa.string()),
        ("reason", pa.string()),
        ("language", pa.string()),
        ("site", pa.string()),
        ("pages", pa.int64()),
        ("characters", pa.int64()),
        ("doc_id", pa.string()),
        ("url", pa.string()),
    ]
)
"""Documents by how they ended, language and site; ``doc_id`` and ``url`` are those of the least."""

LABELS = pa.schema(
    [
        ("decision", pa.string()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("pages", pa.int64()),
    ]
)
"""Documents by the value of a column that names a class of them."""

HISTOGRAMS = pa.schema(
    [
        ("column", pa.string()),
        ("decision", pa.string()),
        ("language", pa.string()),
        ("bin", pa.int64()),
        ("pages", pa.int64()),
        ("lowest", pa.float64()),
        ("highest", pa.float64()),
    ]
)
"""Documents by the value of a number that a stage gave them, in the bins of ``bins_of``.

``lowest`` and ``highest`` are the least and the greatest value in the bin.
"""

CUTS = pa.schema(
    [
        ("stage", pa.string()),
        ("reason", pa.string()),
        ("lines", pa.int64()),
        ("pages", pa.int64()),
    ]
)
"""Lines that were cut from documents that were kept, and from how many."""

CUT_LINES = pa.list_(
    pa.struct([("stage", pa.string()), ("reason", pa.string()), ("text", pa.string())])
)
SAMPLE = pa.schema(
    [
        ("cut", pa.bool_()),
        ("decision", pa.string()),
        ("stage", pa.string()),
        ("reason", pa.string()),
        ("draw", pa.int64()),
        ("doc_id", pa.string()),
        ("url", pa.string()),
        ("source", pa.string()),
        ("offset", pa.int64()),
        ("detail", pa.string()),
        ("snippet", pa.string()),
        ("lines", CUT_LINES),
    ]
)
"""A few documents of each decision, stage and reason: those that were drawn first.

Where ``cut`` is set, ``stage`` and ``reason`` are those of lines that were cut from kept documents.
"""

_END = ["decision", "stage", "reason"]
_REDUCTIONS = {"lowest": np.minimum, "highest": np.maximum}
"""What the values of these columns become together; all others are added."""


@dataclass(frozen=True)
class Summary:
    """The tables of one summary, each with its rows in the order of its keys."""

    counts: pa.Table
    labels: pa.Table
    histograms: pa.Table
    cuts: pa.Table
    samples: pa.Table

    @property
    def pages(self) -> int:
        """How many documents it sums up."""
        return int(np.asarray(self.counts["pages"]).sum())

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(getattr(self, name).num_rows for name in TABLES)


TABLES = {
    "counts": COUNTS,
    "labels": LABELS,
    "histograms": HISTOGRAMS,
    "cuts": CUTS,
    "samples": SAMPLE,
}


def empty(schema: pa.Schema) -> pa.Table:
    """A table without rows; ``schema.empty_table()`` imports pandas, which takes 0.3 s."""
    return pa.Table.from_batches([], schema=schema)


NOTHING = Summary(**{name: empty(schema) for name, schema in TABLES.items()})


def add(summaries: Sequence[Summary]) -> Summary:
    """The summary of all documents that some summaries are of; associative and commutative."""

    def together(name: str) -> pa.Table:
        return pa.concat_tables([getattr(summary, name) for summary in summaries or [NOTHING]])

    return Summary(
        add_rows(together("counts"), [*_END, "language", "site"], ["doc_id", "url"]),
        add_rows(together("labels"), ["decision", "column", "value"]),
        add_rows(together("histograms"), ["column", "decision", "language", "bin"]),
        add_rows(together("cuts"), ["stage", "reason"]),
        first_rows(together("samples")),
    )


def add_rows(table: pa.Table, keys: Sequence[str], first: Sequence[str] = ()) -> pa.Table:
    """One row for each combination of keys, in their order: sums, and the least of ``first``.

    ``first`` are columns that are compared together, one after the other; all others are added.
    """
    rows = table.sort_by([(name, "ascending") for name in (*keys, *first)])
    starts = _starts(rows, keys)
    groups = rows.take(pa.array(starts))
    for place, field in enumerate(table.schema):
        if field.name not in (*keys, *first) and len(starts):
            reduction = _REDUCTIONS.get(field.name, np.add)
            reduced = reduction.reduceat(np.asarray(rows[field.name]), starts)
            groups = groups.set_column(place, field, pa.array(reduced))
    return groups.combine_chunks()


def first_rows(samples: pa.Table) -> pa.Table:
    """The few samples of each group that come first."""
    keys = ["cut", *_END]
    order = [*keys, "draw", "doc_id", "source", "offset"]
    rows = samples.sort_by([(name, "ascending") for name in order])
    starts = _starts(rows, keys)
    sizes = np.diff(starts, append=rows.num_rows)
    places = np.arange(rows.num_rows) - np.repeat(starts, sizes)
    return rows.filter(pa.array(places < SAMPLES)).combine_chunks()


def _starts(rows: pa.Table, keys: Sequence[str]) -> NDArray[np.int64]:
    """Where the groups of equal keys start in rows that are sorted by them."""
    changes = np.ones(rows.num_rows, dtype=bool)
    changes[1:] = False
    for name in keys:
        column = rows[name].combine_chunks()
        changes[1:] |= np.asarray(pc.not_equal(column[1:], column[:-1]))
    return np.flatnonzero(changes)


class SummaryBuilder:
    """Adds summaries as they come, and holds not much more rows than their sum has."""

    MAX_WAITING_ROWS = 1 << 16

    def __init__(self) -> None:
        self._sum = NOTHING
        self._waiting: list[Summary] = []
        self._rows = 0

    def add(self, summary: Summary) -> None:
        """Take one over."""
        self._waiting.append(summary)
        self._rows += summary.rows
        if self._rows > max(self._sum.rows, self.MAX_WAITING_ROWS):
            self.total()

    def total(self) -> Summary:
        """The sum of what was added so far."""
        self._sum = add([self._sum, *self._waiting])
        self._waiting, self._rows = [], 0
        return self._sum


def total_of(summaries: Iterable[Summary]) -> Summary:
    """The sum of summaries of which a few are held at a time."""
    builder = SummaryBuilder()
    for summary in summaries:
        builder.add(summary)
    return builder.total()
