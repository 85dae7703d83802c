"""A summary: tables of documents that can be added, in any order and any grouping, to equal bytes.

What grows with a run is its sites, reasons and languages; of its text there are a few excerpts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from curation.summaries.picks import DOCUMENTS, PICKS, documents_of, first_picks
from curation.summaries.tables import add_rows, distinct_rows, empty
from stages.recall import Limit

AMOUNTS = [
    *(("pages", pa.int64()), ("characters", pa.int64())),
    *(("rows", pa.int64()), ("tokens", pa.int64()), ("row_tokens", pa.int64())),
]
"""How many documents, and what is in them.

``rows`` are those that balancing makes of documents, one of each where it has not been; ``tokens``
are of the documents and ``row_tokens`` of the rows, 0 where nothing has counted any.
"""

_END = ["decision", "stage", "reason"]
_ENDS = [(name, pa.string()) for name in _END]

COUNTS = pa.schema(
    [
        *_ENDS,
        *(("language", pa.string()), ("site", pa.string())),
        *AMOUNTS,
        *(("doc_id", pa.string()), ("url", pa.string())),
    ]
)
"""Documents by how they ended, language and site; ``doc_id`` and ``url`` are those of the least."""

LABELS = pa.schema(
    [
        *_ENDS,
        *(("language", pa.string()), ("column", pa.string()), ("value", pa.string())),
        *AMOUNTS,
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

LIMITS = pa.schema(
    [
        *(("stage", pa.string()), ("measure", pa.string()), ("bound", pa.string())),
        *(("setting", pa.string()), ("value", pa.float64()), ("language", pa.string())),
        ("confidence", pa.float64()),
    ]
)
"""The thresholds that numbers of the documents were held against (``stages.recall.Limit``)."""

Limits = Mapping[str, Sequence[Limit]]
"""The thresholds in force by stage."""
NO_LIMITS: Limits = MappingProxyType({})


@dataclass(frozen=True)
class Summary:
    """The tables of one summary, each with its rows in the order of its keys."""

    counts: pa.Table
    labels: pa.Table
    histograms: pa.Table
    cuts: pa.Table
    limits: pa.Table
    picks: pa.Table
    documents: pa.Table

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
    "limits": LIMITS,
    "picks": PICKS,
    "documents": DOCUMENTS,
}

NOTHING = Summary(**{name: empty(schema) for name, schema in TABLES.items()})


def add(summaries: Sequence[Summary]) -> Summary:
    """The summary of all documents that some summaries are of; associative and commutative."""

    def together(name: str) -> pa.Table:
        return pa.concat_tables([getattr(summary, name) for summary in summaries or [NOTHING]])

    picks = first_picks(together("picks"))
    return Summary(
        add_rows(together("counts"), [*_END, "language", "site"], ["doc_id", "url"]),
        add_rows(together("labels"), [*_END, "language", "column", "value"]),
        add_rows(together("histograms"), ["column", "decision", "language", "bin"]),
        add_rows(together("cuts"), ["stage", "reason"]),
        distinct_rows(together("limits"), LIMITS.names),
        picks,
        documents_of(together("documents"), picks),
    )


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
