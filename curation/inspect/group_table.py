"""Documents counted by language, site and category, as a table on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich.table import Table

from curation.inspect.printable import printable

GROUPS = ("language", "site", "category")
NOT_KNOWN = "(not known)"


def fill_groups(table: Table, groups: Mapping[str, Counter[str]], top: int) -> Table:
    """Two columns for each of ``GROUPS``: its ``top`` values, the most first, and their counts."""
    for name in GROUPS:
        table.add_column(name)
        table.add_column("", justify="right")
    columns = [groups[name].most_common(top) for name in GROUPS]
    for number in range(max(map(len, columns))):
        cells: list[str] = []
        for found in columns:
            value, count = found[number] if number < len(found) else ("", 0)
            cells += [printable(value).replace("[", "\\["), f"{count:,}" if count else ""]
        table.add_row(*cells)
    return table
