"""Frequent lines as a table: for a terminal, as CSV or as Parquet."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from rich.table import Table
from rich.text import Text

from curation import storage
from curation.errors import UsageError
from curation.inspect.frequent_lines import FrequentLine
from curation.inspect.printable import cell, printable

SCHEMA = pa.schema(
    [
        ("count", pa.int64()),
        ("cut", pa.int64()),
        ("line", pa.string()),
        ("digest", pa.string()),
        ("by_batch", pa.map_(pa.string(), pa.int64())),
        ("first_batch", pa.string()),
        ("first_url", pa.string()),
    ]
)


def as_table(lines: Sequence[FrequentLine], max_occurrences: int) -> pa.Table:
    """The lines as a table of ``SCHEMA``; ``cut`` counts the occurrences that do not stay."""
    rows = [
        {
            "count": line.count,
            "cut": max(line.count - max_occurrences, 0),
            "line": line.line,
            "digest": f"{line.digest & (1 << 64) - 1:016x}",
            "by_batch": list(line.by_batch.items()),
            "first_batch": line.place[0],
            "first_url": line.first_url,
        }
        for line in lines
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def refuse_ending(out: str) -> None:
    """Raise UsageError for a file that is to be neither CSV nor Parquet."""
    if not out.endswith((".csv", ".parquet")):
        raise UsageError(f"--out {out}: must end in .csv or .parquet")


def write(table: pa.Table, out: str) -> None:
    """Write the table as CSV or as Parquet, as the name of the file ends."""
    with storage.scratch(out) as path:
        if out.endswith(".parquet"):
            pq.write_table(table, path)
        else:
            pyarrow.csv.write_csv(_for_spreadsheet(table), path)


def _for_spreadsheet(table: pa.Table) -> pa.Table:
    """The table with cells that are numbers or harmless texts."""
    in_words = [_in_words(row) for row in table["by_batch"].to_pylist()]
    columns = {name: table[name] for name in SCHEMA.names} | {"by_batch": pa.array(in_words)}
    for name in ("line", "first_url"):
        texts = [text and cell(text) for text in table[name].to_pylist()]
        columns[name] = pa.array(texts, pa.string())
    return pa.table(columns)


def for_terminal(table: pa.Table) -> Table:
    """The table for a person; what pages say is shown without control characters."""
    shown = Table(title="Lines that occur most", title_justify="left")
    for name in ("count", "cut", "line", "by batch"):
        shown.add_column(name, justify="right" if name in ("count", "cut") else "left")
    for row in table.to_pylist():
        line = "(its first document is gone)" if row["line"] is None else printable(row["line"])
        by_batch = _in_words(row["by_batch"])
        shown.add_row(f"{row['count']:,}", f"{row['cut']:,}", Text(line), Text(by_batch))
    return shown


def _in_words(by_batch: Sequence[tuple[str, int]]) -> str:
    return " ".join(f"{batch}={count}" for batch, count in by_batch)
