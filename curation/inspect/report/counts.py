"""How many documents ended how, by language, class and cause: the tables under every chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from curation.inspect.printable import printable
from curation.summaries.documents import BENCHMARK_ITEMS
from curation.summaries.summary import AMOUNTS, Summary
from curation.summaries.tables import add_rows

Table = list[list[Any]]
"""Rows by position; what the columns are is said beside them."""

_AMOUNTS = [name for name, _ in AMOUNTS]
END_COLUMNS = ["decision", "stage", "reason", "language", *_AMOUNTS]
LABEL_COLUMNS = ["column", "value", *END_COLUMNS]


def ends(summary: Summary) -> Table:
    """The documents of a step by how they ended and by language, in ``END_COLUMNS``."""
    return _sums(summary.counts, END_COLUMNS)


def labels(summary: Summary) -> Table:
    """The documents of a step by their classes, without items of benchmarks: ``LABEL_COLUMNS``."""
    found = summary.labels
    return _sums(found.filter(pc.not_equal(found["column"], BENCHMARK_ITEMS)), LABEL_COLUMNS)


def cuts(summary: Summary) -> Table:
    """The lines that were cut from what a step kept: stage, reason, lines, pages."""
    columns = ["stage", "reason", "lines", "pages"]
    return _rows(summary.cuts.select(columns))


def _sums(table: pa.Table, columns: Sequence[str]) -> Table:
    keys = [name for name in columns if name not in _AMOUNTS]
    return _rows(add_rows(table.select(list(columns)), keys))


def _rows(table: pa.Table) -> Table:
    rows = zip(*table.to_pydict().values(), strict=True)
    return [[printable(one) if isinstance(one, str) else one for one in row] for row in rows]
